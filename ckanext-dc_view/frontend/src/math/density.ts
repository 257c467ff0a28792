// Density of the shown events for axes that the bundle has none for: a two-dimensional histogram,
// smoothed by interpolation, with the number of bins that dclab takes (Doane).

/** Density at each event, divided by its maximum; 0 where x or y is not finite. */
export function density(x: Float64Array, y: Float64Array): Float64Array {
  const [xs, ys] = [axis(x), axis(y)];
  const counts = histogram(x, y, xs, ys);
  const found = new Float64Array(x.length);
  let highest = 0;
  for (let event = 0; event < x.length; event += 1) {
    const value = interpolate(counts, xs, ys, x[event]!, y[event]!);
    found[event] = value;
    highest = Math.max(highest, value);
  }
  return highest > 0 ? found.map((value) => value / highest) : found;
}

interface Axis {
  low: number;
  width: number;
  bins: number;
}

function axis(values: Float64Array): Axis {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const bins = Math.max(5, doane(finite));
  return { low, width: (high - low) / bins || 1, bins };
}

/** Number of bins after Doane, for finite values. */
export function doane(finite: Float64Array): number {
  const n = finite.length;
  const mean = finite.reduce((sum, value) => sum + value, 0) / n;
  const moment = (power: number) =>
    finite.reduce((sum, value) => sum + (value - mean) ** power, 0) / n;
  const variance = moment(2);
  const skew = variance > 0 ? moment(3) / variance ** 1.5 : 0;
  const sigma = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  const bins = 1 + Math.log2(n) + Math.log2(1 + Math.abs(skew) / sigma);
  return Number.isFinite(bins) ? Math.round(bins) : 5;
}

function histogram(x: Float64Array, y: Float64Array, xs: Axis, ys: Axis): Float64Array {
  const counts = new Float64Array(xs.bins * ys.bins);
  for (let event = 0; event < x.length; event += 1) {
    if (Number.isFinite(x[event]!) && Number.isFinite(y[event]!)) {
      counts[bin(xs, x[event]!) + xs.bins * bin(ys, y[event]!)]! += 1;
    }
  }
  return counts;
}

function bin({ low, width, bins }: Axis, value: number): number {
  return Math.min(bins - 1, Math.floor((value - low) / width));
}

function interpolate(counts: Float64Array, xs: Axis, ys: Axis, x: number, y: number): number {
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    return 0;
  }
  const [column, right] = between(xs, x);
  const [row, up] = between(ys, y);
  const at = (i: number, j: number) => counts[column + i + xs.bins * (row + j)]!;
  const below = at(0, 0) * (1 - right) + at(1, 0) * right;
  const above = at(0, 1) * (1 - right) + at(1, 1) * right;
  return below * (1 - up) + above * up;
}

/** The bin whose centre lies before the value, and how far the value is on the way to the next. */
function between({ low, width, bins }: Axis, value: number): [number, number] {
  const place = Math.min(bins - 1, Math.max(0, (value - low) / width - 0.5));
  const first = Math.min(bins - 2, Math.floor(place));
  return [first, place - first];
}
