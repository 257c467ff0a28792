// Viridis, the colour scale of dclab's plots, and the way from values to its 256 steps.

const STOPS =
  "440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e" +
  "21918c1f988b1fa08822a78528ae8032b67a3fbc734ec36b5ec96270cf5784d44b98d83eaddc30c2df23d8e219ece51bfde725";

export type Rgb = readonly [number, number, number];

/** Colour at `t` between 0 and 1. */
export function viridis(t: number): Rgb {
  const place = Math.min(1, Math.max(0, t)) * (STOPS.length / 6 - 1);
  const first = Math.min(STOPS.length / 6 - 2, Math.floor(place));
  const channel = (stop: number, part: number) =>
    Number.parseInt(STOPS.slice(6 * stop + 2 * part, 6 * stop + 2 * part + 2), 16);
  const mix = (part: number) =>
    Math.round(
      channel(first, part) * (1 - (place - first)) + channel(first + 1, part) * (place - first),
    );
  return [mix(0), mix(1), mix(2)];
}

/** 256 steps of viridis. */
export const STEPS: readonly Rgb[] = Array.from({ length: 256 }, (_, step) => viridis(step / 255));

/** `rgb(…)` for a canvas or a drawing. */
export function css([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`;
}

/** Step of each value between `low` and `high`; 0 … 255, and -1 for what is not finite. */
export function steps(values: Float64Array, low: number, high: number): Int16Array {
  const scale = high > low ? 255.999 / (high - low) : 0;
  return Int16Array.from(values, (value) =>
    Number.isFinite(value) ? Math.min(255, Math.max(0, Math.floor((value - low) * scale))) : -1,
  );
}
