// dclab's statistics of a feature, for a selection of events.

import { percentile, sortedFinite } from "./quantile.ts";

/** Names of dclab, in the order of the bundle. */
export const NAMES = [
  "Mean",
  "Median",
  "Mode",
  "SD",
  "10th Percentile",
  "25th Percentile",
  "75th Percentile",
  "90th Percentile",
] as const;

/** Values for `NAMES`; NaN and infinities are left out, without finite values all are NaN. */
export function describe(values: ArrayLike<number>): number[] {
  const sorted = sortedFinite(values);
  const average = mean(sorted);
  return [
    average,
    percentile(sorted, 50),
    mode(sorted),
    deviation(sorted, average),
    percentile(sorted, 10),
    percentile(sorted, 25),
    percentile(sorted, 75),
    percentile(sorted, 90),
  ];
}

/** The values of those events whose entry in `chosen` is not 0. */
export function chosenValues(values: Float64Array, chosen: Uint8Array): Float64Array {
  return values.filter((_, place) => chosen[place] !== 0);
}

function mean(sorted: Float64Array): number {
  return sorted.length ? sorted.reduce((sum, value) => sum + value, 0) / sorted.length : Number.NaN;
}

/** With N in the denominator, as numpy. */
function deviation(sorted: Float64Array, average: number): number {
  if (!sorted.length) {
    return Number.NaN;
  }
  const squares = sorted.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return Math.sqrt(squares / sorted.length);
}

/** The fullest bin, its width by Freedman and Diaconis; as `dclab.statistics.mode`. */
export function mode(sorted: Float64Array): number {
  const spread = percentile(sorted, 75) - percentile(sorted, 25);
  const width = (2 * spread) / Math.cbrt(sorted.length);
  if (!(width > 0)) {
    return Number.NaN;
  }
  let [best, bestCount, bin, count] = [Number.NaN, 0, Number.NaN, 0];
  for (const value of sorted) {
    const place = roundHalfEven(value / width);
    count = place === bin ? count + 1 : 1;
    bin = place;
    if (count > bestCount) {
      [best, bestCount] = [bin, count];
    }
  }
  return best * width + width / 2;
}

/** numpy rounds halves to the even neighbour. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
