// Drawing a selection: by box, by corners, by hand. Corners are kept in values, so that one may zoom
// and move the plot in between.

import { rectangle, type Point } from "../math/polygon.ts";
import { backward } from "../math/scale.ts";
import type { Place } from "../plot/gestures.ts";
import type { ScatterPlot } from "../plot/scatter.ts";
import type { Choice, Shape, Store } from "../state/store.ts";

export interface Draft {
  points: readonly Point[];
  closed: boolean;
}

export class Drawing {
  draft: Draft | null = null;
  private readonly plot: ScatterPlot;
  private readonly store: Store<Choice>;
  private readonly changed: () => void;
  private corners: Point[] = [];

  /** `changed` is called whenever the draft looks different. */
  constructor(plot: ScatterPlot, store: Store<Choice>, changed: () => void) {
    this.plot = plot;
    this.store = store;
    this.changed = changed;
  }

  /** The selection that is being drawn, as far as it encloses anything. */
  get shape(): Shape | null {
    return this.draft?.closed && this.draft.points.length > 2
      ? this.shapeOf(this.draft.points)
      : null;
  }

  box(from: Place, to: Place, done: boolean): void {
    const points = rectangle(this.valueAt(from), this.valueAt(to));
    this.show({ points, closed: true });
    if (done) {
      this.finish(points);
    }
  }

  lasso(line: readonly Place[], done: boolean): void {
    const points = simplify(line, 1).map((place) => this.valueAt(place));
    this.show({ points, closed: true });
    if (done) {
      this.finish(points);
    }
  }

  corner(at: Place): void {
    const first = this.corners[0];
    if (first && this.corners.length > 2 && this.isNear(first, at)) {
      this.close();
      return;
    }
    this.corners.push(this.valueAt(at));
    this.show({ points: this.corners, closed: this.corners.length > 2 });
  }

  removeCorner(): void {
    this.corners.pop();
    this.show(
      this.corners.length ? { points: this.corners, closed: this.corners.length > 2 } : null,
    );
  }

  close(): void {
    if (this.corners.length > 2) {
      this.finish(this.corners);
    }
  }

  /** Everything that the axes show. */
  everythingShown(): void {
    const { width, height } = this.plot.size();
    this.finish(rectangle(this.valueAt([0, height]), this.valueAt([width, 0])));
  }

  cancel(): void {
    this.corners = [];
    this.show(null);
  }

  private finish(points: readonly Point[]): void {
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const extended = Math.max(...xs) > Math.min(...xs) && Math.max(...ys) > Math.min(...ys);
    this.cancel();
    if (points.length > 2 && extended) {
      this.store.set({ shape: this.shapeOf([...points]) });
    }
  }

  private shapeOf(points: readonly Point[]): Shape {
    const { x, y } = this.store.get();
    return { x, y, points };
  }

  private show(draft: Draft | null): void {
    this.draft = draft;
    this.changed();
  }

  private valueAt([px, py]: Place): Point {
    const { xLog, yLog } = this.store.get();
    const [x, y] = this.plot.toValue(px, py);
    return [backward(x, xLog), backward(y, yLog)];
  }

  private isNear(point: Point, [px, py]: Place): boolean {
    const { xLog, yLog } = this.store.get();
    const forward = (value: number, log: boolean) => (log ? Math.log10(value) : value);
    const [x, y] = this.plot.toPixel(forward(point[0], xLog), forward(point[1], yLog));
    return Math.hypot(x - px, y - py) < 10;
  }
}

/** A line drawn by hand with fewer points: none is further than `tolerance` from the new line. */
export function simplify(line: readonly Place[], tolerance: number): Place[] {
  if (line.length < 3) {
    return [...line];
  }
  const [first, last] = [line[0]!, line[line.length - 1]!];
  let [worst, furthest] = [0, tolerance];
  for (let step = 1; step < line.length - 1; step += 1) {
    const away = distanceToLine(line[step]!, first, last);
    if (away > furthest) {
      [worst, furthest] = [step, away];
    }
  }
  if (worst === 0) {
    return [first, last];
  }
  return [
    ...simplify(line.slice(0, worst + 1), tolerance).slice(0, -1),
    ...simplify(line.slice(worst), tolerance),
  ];
}

function distanceToLine(at: Place, from: Place, to: Place): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) {
    return Math.hypot(at[0] - from[0], at[1] - from[1]);
  }
  return Math.abs(dx * (at[1] - from[1]) - dy * (at[0] - from[0])) / length;
}
