// Order of the rows of a table by one of its columns.

export type Cell = number | string | null;

/** Row numbers in order; empty cells come last in both directions. */
export function sortedRows(
  rows: readonly (readonly Cell[])[],
  column: number,
  descending: boolean,
): number[] {
  const sign = descending ? -1 : 1;
  return [...rows.keys()].sort((a, b) => {
    const [left, right] = [rows[a]![column] ?? null, rows[b]![column] ?? null];
    if (left === null || right === null) {
      return left === right ? a - b : left === null ? 1 : -1;
    }
    return sign * compare(left, right) || a - b;
  });
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/** The column that looks like time, else none. */
export function timeColumn(columns: readonly string[]): number {
  return columns.findIndex((name) => /^(time|frame|t)\b|^time|frame$/i.test(name));
}
