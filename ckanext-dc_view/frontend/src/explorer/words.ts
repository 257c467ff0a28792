// What is said about the plot: below it, beside the pointer, and to screen readers.

import { number, percent, whole } from "../math/format.ts";
import { outside, type View } from "../plot/points.ts";
import type { Choice } from "../state/store.ts";
import type { Plotted } from "./plotdata.ts";
import { samplingNote, type Sample } from "./sample.ts";

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
