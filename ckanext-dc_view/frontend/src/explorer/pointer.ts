// What the pointer does on the plot, by tool.

import { attachGestures, type Place } from "../plot/gestures.ts";
import type { Choice, Store } from "../state/store.ts";
import type { Sample } from "./sample.ts";
import type { Stage, StageListener } from "./stage.ts";

/** As far from an event does a click still mean it [px]. */
const PICK_REACH = 14;

export function attachPointer(
  stage: Stage,
  sample: Sample,
  store: Store<Choice>,
  listener: StageListener,
): void {
  const { drawing } = stage;
  attachGestures(stage.plot.area, {
    tool: () => stage.tool,
    pan: (dx, dy) => stage.pan(dx, dy),
    zoom: (factor, at) => stage.zoom(factor, at),
    pick: (at) => pick(stage, sample, store, at, listener),
    hover: (at) => point(stage, at, listener),
    box: (from, to, done) =>
      stage.tool === "zoom" ? zoomInto(stage, from, to, done) : drawing.box(from, to, done),
    lasso: (line, done) => drawing.lasso(line, done),
    corner: (at) => drawing.corner(at),
    close: () => drawing.close(),
    wheelRefused: () => listener.hint("Click the plot, or hold Ctrl, to zoom with the wheel"),
  });
}

function nearest({ shown, plot }: Stage, at: Place): number {
  const [x, y] = plot.toValue(...at);
  const [perX, perY] = plot.perPixel();
  return shown ? shown.grid.nearest(x, y, PICK_REACH * perX, PICK_REACH * perY) : -1;
}

function pick(
  stage: Stage,
  sample: Sample,
  store: Store<Choice>,
  at: Place,
  listener: StageListener,
): void {
  const row = nearest(stage, at);
  if (row >= 0) {
    void sample.loadIndex().then((index) => store.set({ event: index[row]! }), listener.failed);
  }
}

function point(stage: Stage, at: Place | null, listener: StageListener): void {
  const found = at && stage.tool !== "polygon" ? nearest(stage, at) : -1;
  const row = found < 0 ? null : found;
  if (row !== stage.places.row) {
    stage.highlight(row);
  }
  listener.hovered(row, at);
}

function zoomInto(stage: Stage, from: Place, to: Place, done: boolean): void {
  stage.drawing.box(from, to, false);
  if (done) {
    stage.drawing.cancel();
    const [a, b] = [stage.plot.toValue(...from), stage.plot.toValue(...to)];
    stage.setView({ x: ordered(a[0], b[0]), y: ordered(a[1], b[1]) });
  }
}

function ordered(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}
