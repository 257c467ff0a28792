// Linear and logarithmic axes: everything is plotted in transformed values (log10 on a logarithmic
// axis), so that panning, zooming and picking know straight lines only.

export type Range = readonly [number, number];

/** Value on the axis; NaN where a logarithm does not exist. */
export function forward(value: number, log: boolean): number {
  return log ? (value > 0 ? Math.log10(value) : Number.NaN) : value;
}

export function backward(value: number, log: boolean): number {
  return log ? 10 ** value : value;
}

export function transform(values: Float64Array, log: boolean): Float64Array {
  return log ? values.map((value) => forward(value, true)) : values;
}

/** A range with some room on both sides; never empty. */
export function widen([low, high]: Range, share = 0.04): Range {
  const room = (high - low) * share;
  if (room > 0) {
    return [low - room, high + room];
  }
  const half = Math.abs(low) * 0.05 || 0.5;
  return [low - half, low + half];
}

export function zoomed([low, high]: Range, factor: number, anchor: number): Range {
  return [anchor - (anchor - low) * factor, anchor + (high - anchor) * factor];
}

export function moved([low, high]: Range, by: number): Range {
  return [low + by, high + by];
}

/** Places of ticks on a logarithmic axis (transformed), about `wanted` of them. */
export function logTicks([low, high]: Range, wanted: number): number[] {
  const decades = high - low;
  if (decades < 0.7) {
    return linearTicks([10 ** low, 10 ** high], wanted)
      .filter((value) => value > 0)
      .map(Math.log10);
  }
  const digits =
    decades * 9 <= wanted
      ? [1, 2, 3, 4, 5, 6, 7, 8, 9]
      : decades * 3 <= wanted * 1.5
        ? [1, 2, 5]
        : [1];
  const step = Math.max(1, Math.ceil(decades / wanted));
  const found: number[] = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const digit of power % step === 0 ? digits : []) {
      const place = power + Math.log10(digit);
      if (place >= low && place <= high) {
        found.push(place);
      }
    }
  }
  return found;
}

/** Round places of ticks on a linear axis, at most `wanted` + 1. */
export function linearTicks([low, high]: Range, wanted: number): number[] {
  const rough = (high - low) / Math.max(1, wanted);
  if (!(rough > 0) || !Number.isFinite(rough)) {
    return [];
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((digit) => digit * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, place) =>
    clean((first + place) * step, step),
  );
}

/** Without the dirt of binary fractions. */
function clean(value: number, step: number): number {
  return Number(value.toFixed(Math.min(100, Math.max(0, 2 - Math.floor(Math.log10(step))))));
}

/** Texts of linear ticks with as many digits as their distance needs. */
export function tickTexts(values: readonly number[]): string[] {
  const size = Math.max(...values.map(Math.abs), 0);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) {
    return values.map((value) =>
      value === 0
        ? "0"
        : Number(value.toPrecision(4)).toExponential().replace("e+", "e").replaceAll("-", "−"),
    );
  }
  const gap =
    values.length > 1
      ? Math.min(...values.slice(1).map((value, place) => Math.abs(value - values[place]!)))
      : size;
  const digits = gap > 0 ? Math.min(8, Math.max(0, Math.ceil(-Math.log10(gap) - 1e-9))) : 0;
  return values.map((value) => value.toFixed(digits).replace("-", "−"));
}
