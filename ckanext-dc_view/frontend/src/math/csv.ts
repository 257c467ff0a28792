// Comma-separated values.

/** One cell; quoted where commas, quotes or line breaks would be misread. */
export function cell(value: string): string {
  // A spreadsheet would take a text that begins like this for a formula.
  const harmless =
    /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) && !/^-?(inf|nan)$/.test(value)
      ? `'${value}`
      : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
