// What lies over the events: isoelastics, the selection, rings around the events that are looked at.

import { number } from "../math/format.ts";
import type { Point } from "../math/polygon.ts";
import { forward } from "../math/scale.ts";
import type { IsoelasticLine } from "../plot/isoelastics.ts";
import { placeLabel, type Box } from "../plot/labels.ts";
import type { ScatterPlot } from "../plot/scatter.ts";
import type { Choice, Shape } from "../state/store.ts";

export interface Marks {
  lines: readonly IsoelasticLine[];
  /** A selection that is being drawn: corners, and where the pointer is. */
  draft: { points: readonly Point[]; closed: boolean } | null;
  /** Values of the event in the panel and of the one under the pointer. */
  focus: Point | null;
  hover: Point | null;
}

type Context = CanvasRenderingContext2D;

const LABEL_HEIGHT = 13;

export function drawMarks(
  context: Context,
  plot: ScatterPlot,
  choice: Readonly<Choice>,
  marks: Marks,
): void {
  const place = ([x, y]: Point): [number, number] =>
    plot.toPixel(forward(x, choice.xLog), forward(y, choice.yLog));
  context.lineJoin = "round";
  const rings = [marks.hover, marks.focus].flatMap((event) => (event ? [place(event)] : []));
  const taken = [...plot.markers(), ...rings].map(([x, y]): Box => [x - 6, y - 6, 12, 12]);
  drawIsoelastics(context, plot, marks.lines, place, taken);
  const corners = choice.shape && shapeOnAxes(choice.shape, choice);
  if (corners) {
    outline(context, corners.map(place), true, plot.theme.accent);
  }
  if (marks.draft) {
    outline(context, marks.draft.points.map(place), marks.draft.closed, plot.theme.accent);
    corner(context, marks.draft.points.map(place), plot.theme.accent);
  }
  ring(context, marks.hover && place(marks.hover), 7, 2, plot.theme.ink, plot.theme.surface);
  ring(context, marks.focus && place(marks.focus), 9, 3, plot.theme.mark, plot.theme.surface);
}

/** The corners of a selection if it lies on these two axes (in either order), else null. */
export function shapeOnAxes(
  shape: Shape,
  { x, y }: { x: string; y: string },
): readonly Point[] | null {
  if (shape.x === x && shape.y === y) {
    return shape.points;
  }
  return shape.x === y && shape.y === x ? shape.points.map(([a, b]) => [b, a] as const) : null;
}

function outline(
  context: Context,
  places: readonly Point[],
  closed: boolean,
  colour: string,
): void {
  if (!trace(context, places)) {
    return;
  }
  if (closed) {
    context.closePath();
    context.globalAlpha = 0.08;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash(closed ? [] : [5, 4]);
  context.stroke();
  context.setLineDash([]);
}

function corner(context: Context, places: readonly Point[], colour: string): void {
  context.fillStyle = colour;
  for (const [x, y] of places.length > 30 ? [] : places) {
    context.fillRect(x - 3, y - 3, 6, 6);
  }
}

function ring(
  context: Context,
  at: Point | null,
  radius: number,
  width: number,
  colour: string,
  halo: string,
): void {
  if (!at || !at.every(Number.isFinite)) {
    return;
  }
  for (const [stroke, line] of [
    [halo, width + 2],
    [colour, width],
  ] as const) {
    context.beginPath();
    context.arc(at[0], at[1], radius, 0, 2 * Math.PI);
    context.strokeStyle = stroke;
    context.lineWidth = line;
    context.stroke();
  }
}

function drawIsoelastics(
  context: Context,
  plot: ScatterPlot,
  lines: readonly IsoelasticLine[],
  place: (point: Point) => [number, number],
  taken: readonly Box[],
): void {
  const drawn = lines.map(({ x, y, emodulus }) => {
    const places = Array.from(x, (value, step) => place([value, y[step]!]));
    return { emodulus, places: places.filter((at) => at.every(Number.isFinite)) };
  });
  context.strokeStyle = plot.theme.muted;
  context.lineWidth = 1;
  for (const { places } of drawn) {
    if (trace(context, places)) {
      context.stroke();
    }
  }
  labelLines(context, plot, drawn, taken);
}

/** Young's moduli, over all lines. */
function labelLines(
  context: Context,
  plot: ScatterPlot,
  lines: readonly { emodulus: number | null; places: readonly Point[] }[],
  taken: readonly Box[],
): void {
  context.font = `11px ${plot.theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = plot.theme.surface;
  context.fillStyle = plot.theme.ink;
  const labels: Box[] = [];
  for (const { emodulus, places } of lines) {
    const text = emodulus === null ? "" : `${number(emodulus, 3)} kPa`;
    const size = [context.measureText(text).width, LABEL_HEIGHT] as const;
    const box = text ? placeLabel(places, size, plot.size(), labels, taken) : null;
    if (box) {
      labels.push(box);
      const at = [box[0], box[1] + LABEL_HEIGHT / 2] as const;
      context.strokeText(text, ...at);
      context.fillText(text, ...at);
    }
  }
}

function trace(context: Context, places: readonly Point[]): boolean {
  context.beginPath();
  places.forEach(([x, y], step) => (step ? context.lineTo(x, y) : context.moveTo(x, y)));
  return places.length > 1;
}
