// Numbers for people: whole numbers exact and grouped, others with as many digits as are of use.

// Does not break the line; narrower than a blank.
const GROUP = "\u202f";

/** A whole number, its digits in groups of three from five digits on. */
export function whole(value: number): string {
  const digits = String(Math.abs(value));
  const text = digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, GROUP);
  return value < 0 ? `−${text}` : text;
}

/** How many there are of something: `1 line`, `812 lines`. */
export function counted(count: number, word: string): string {
  return `${whole(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** A number with at most `digits` significant digits; what is not a number is a dash. */
export function number(value: number | null | undefined, digits = 5): string {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? "∞" : "−∞";
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return whole(value);
  }
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) {
    return exponent(value, digits);
  }
  const rounded = Number(value.toPrecision(digits));
  return Number.isInteger(rounded) ? whole(rounded) : rounded.toString().replace("-", "−");
}

function exponent(value: number, digits: number): string {
  const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
  const short = Number(mantissa).toString();
  return `${short}e${power.replace("+", "")}`.replaceAll("-", "−");
}

/** Number with its unit, if it has one. */
export function withUnit(value: number | null | undefined, unit: string, digits = 5): string {
  const text = number(value, digits);
  return unit && text !== "–" ? `${text}${GROUP}${unit}` : text;
}

/** A share in per cent with one digit, two where it is small. */
export function percent(part: number, total: number): string {
  if (total === 0) {
    return "–";
  }
  const share = (100 * part) / total;
  return `${share.toFixed(share > 0 && share < 0.1 ? 2 : 1)}${GROUP}%`;
}

/** The shortest text that is read back as the same single-precision number. */
export function exactSingle(value: number): string {
  if (!Number.isFinite(value)) {
    return machine(value);
  }
  for (let digits = 1; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) {
      return String(Number(text));
    }
  }
  return String(Number(value.toPrecision(9)));
}

/** A number for programs: `nan`, `inf` and `-inf` as Python writes them. */
export function machine(value: number): string {
  if (Number.isNaN(value)) {
    return "nan";
  }
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

/** Read what a person typed: a decimal comma is as good as a point. Null if it is no number. */
export function parse(text: string): number | null {
  const clean = text
    .replace(/[\s\u202f_]/g, "")
    .replace("−", "-")
    .replace(",", ".");
  const value = Number(clean);
  return clean === "" || !Number.isFinite(value) ? null : value;
}
