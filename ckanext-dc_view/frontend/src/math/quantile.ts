// Percentiles, as numpy's default (linear interpolation), and the rank of a value.

/** Finite values in ascending order. */
export function sortedFinite(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(Array.prototype.filter.call(values, Number.isFinite) as number[]).sort();
}

/** Percentile `p` (0 … 100) of sorted values; NaN without any. */
export function percentile(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) {
    return Number.NaN;
  }
  const place = ((sorted.length - 1) * p) / 100;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** Percentile rank (0 … 100) of a value among 101 percentiles; null where it has none. */
export function rank(quantiles: ArrayLike<number>, value: number): number | null {
  const last = quantiles.length - 1;
  if (!Number.isFinite(value) || last < 1 || Number.isNaN(quantiles[0]!)) {
    return null;
  }
  const step = 100 / last;
  const first = lowerBound(quantiles, value);
  if (first > last) {
    return 100;
  }
  if (quantiles[first]! > value) {
    return first === 0
      ? 0
      : step * (first - 1 + between(quantiles[first - 1]!, quantiles[first]!, value));
  }
  // Many events may share a value: the middle of their ranks.
  let end = first;
  while (end < last && quantiles[end + 1] === value) {
    end += 1;
  }
  return (step * (first + end)) / 2;
}

function between(low: number, high: number, value: number): number {
  return (value - low) / (high - low);
}

/** Number of entries below `value` in ascending values. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
