// Brings together what the plot shows: values of the axes, colours, the selection.

import { steps } from "../math/colour.ts";
import { density } from "../math/density.ts";
import { mask } from "../math/polygon.ts";
import { forward, transform, widen, type Range } from "../math/scale.ts";
import { PickingGrid } from "../plot/grid.ts";
import { colours, paintingOrder, type Points, type View } from "../plot/points.ts";
import type { Choice, Shape } from "../state/store.ts";
import type { Sample } from "./sample.ts";

/** What is on the axes. */
export interface Plotted {
  /** Values of the features. */
  x: Float64Array;
  y: Float64Array;
  /** The same, transformed for the axes. */
  tx: Float64Array;
  ty: Float64Array;
  usual: View;
  grid: PickingGrid;
}

export interface ColourScale {
  steps: Int16Array;
  /** Ends of the scale in the feature's values; null for densities and one colour. */
  range: Range | null;
}

const ONE_COLOUR = 110;

export async function plotted(sample: Sample, { x, y, xLog, yLog }: Choice): Promise<Plotted> {
  const [xs, ys] = await Promise.all([sample.bundle.column(x), sample.bundle.column(y)]);
  const [tx, ty] = [transform(xs, xLog), transform(ys, yLog)];
  const usual = { x: usualRange(sample, x, tx, xLog), y: usualRange(sample, y, ty, yLog) };
  return { x: xs, y: ys, tx, ty, usual, grid: new PickingGrid(tx, ty, usual) };
}

/** From the 1st to the 99th percentile of all events, and some room. */
function usualRange(sample: Sample, name: string, transformed: Float64Array, log: boolean): Range {
  const { p01, p99 } = sample.feature(name);
  const [low, high] = [forward(p01 ?? Number.NaN, log), forward(p99 ?? Number.NaN, log)];
  if (Number.isFinite(low) && Number.isFinite(high)) {
    return widen([low, high]);
  }
  const finite = transformed.filter(Number.isFinite).sort();
  return finite.length ? widen([finite[0]!, finite[finite.length - 1]!]) : [0, 1];
}

export async function colourScale(
  sample: Sample,
  choice: Choice,
  shown: Plotted,
): Promise<ColourScale> {
  if (choice.colour === "none") {
    return { steps: new Int16Array(sample.size).fill(ONE_COLOUR), range: null };
  }
  if (choice.colour === "density") {
    return { steps: steps(await densities(sample, choice, shown), 0, 1), range: null };
  }
  const values = await sample.bundle.column(choice.colour);
  const { p01, p99, min, max } = sample.feature(choice.colour);
  const range: Range =
    p01 !== null && p99 !== null && p01 < p99 ? [p01, p99] : [min ?? 0, max ?? 1];
  return { steps: steps(values, ...range), range };
}

/** The bundle's density, made from all events, where it has one for these axes. */
async function densities(sample: Sample, choice: Choice, shown: Plotted): Promise<Float64Array> {
  const made = sample.bundle.header.density;
  const fits =
    made &&
    !choice.xLog &&
    !choice.yLog &&
    new Set([made.x, made.y, choice.x, choice.y]).size === 2;
  if (fits && choice.x !== choice.y) {
    return (await sample.bundle.density())!.map((value) => value / 65535);
  }
  return density(shown.tx, shown.ty);
}

/** Which of the sampled events a shape encloses. */
export async function enclosed(sample: Sample, shape: Shape): Promise<Uint8Array> {
  const [x, y] = await Promise.all([sample.bundle.column(shape.x), sample.bundle.column(shape.y)]);
  return mask(shape.points, x, y);
}

export function points(shown: Plotted, scale: ColourScale, chosen: Uint8Array | null): Points {
  const colour = colours(scale.steps, chosen);
  return { x: shown.tx, y: shown.ty, colour, order: paintingOrder(colour) };
}
