// What is said about the plot: below it, beside the pointer, and to screen readers.

import { number, percent, whole } from "../math/format.ts";
import type { Point } from "../math/polygon.ts";
import { forward } from "../math/scale.ts";
import type { IsoelasticLine } from "../plot/isoelastics.ts";
import { visibleLength } from "../plot/labels.ts";
import { outside, type View } from "../plot/points.ts";
import type { Choice } from "../state/store.ts";
import type { Plotted } from "./plotdata.ts";
import { samplingNote, type Sample } from "./sample.ts";

/** Lines of which less is in view, as share of the plot, say nothing. */
const STUB = 0.15;

/** How many events are shown, and how many are not. */
export function statusText(sample: Sample, shown: Plotted, view: View): string {
  const { header } = sample.bundle;
  const { outside: out, missing } = outside(shown.tx, shown.ty, view);
  const parts = [
    samplingNote(header.sampled, header.event_count, header.sampling),
    out ? `outside: ${whole(out)} (${percent(out, sample.size)})` : "outside: 0",
  ];
  if (missing) {
    parts.push(`without value on these axes: ${whole(missing)}`);
  }
  return parts.join(" · ");
}

/** Why there is little to see of the isoelastics; empty where they speak for themselves. */
export function isoelasticsText(
  lines: readonly IsoelasticLine[],
  { xLog, yLog }: Readonly<Choice>,
  { x: [left, right], y: [low, high] }: View,
): string {
  const share = (value: number, from: number, to: number) => (value - from) / (to - from);
  const longest = lines.reduce((most, line) => {
    const points = Array.from(line.x, (x, step): Point => [
      share(forward(x, xLog), left, right),
      share(forward(line.y[step]!, yLog), low, high),
    ]);
    return Math.max(most, visibleLength(points, { width: 1, height: 1 }));
  }, 0);
  if (lines.length === 0) {
    return "";
  }
  if (longest < STUB) {
    const what = longest ? "Only ends of the isoelastics lie" : "No isoelastics lie";
    return `${what} within these limits; zoom out to see them.`;
  }
  return lines.every(({ emodulus }) => emodulus === null)
    ? "The isoelastics have no values: medium or temperature is not known."
    : "";
}

export function plotLabel(events: number, x: string, y: string): string {
  return (
    `Scatter plot of ${whole(events)} events: ${y} over ${x}. ` +
    "Left and right arrow keys show single events, plus and minus zoom, 0 resets."
  );
}

/** Number and values of a sampled event, one per line. */
export function coordinates(
  sample: Sample,
  shown: Plotted,
  choice: Readonly<Choice>,
  row: number,
): string[] {
  const line = (name: string, value: number) => {
    const { label, unit } = sample.feature(name);
    return `${label}: ${number(value)}${unit ? ` ${unit}` : ""}`;
  };
  const event = sample.index[row];
  const title = event === undefined ? [] : [`Event ${event}`];
  return [...title, line(choice.x, shown.x[row]!), line(choice.y, shown.y[row]!)];
}
