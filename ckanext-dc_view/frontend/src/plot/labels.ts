// Where the names of lines stand: on the part of a line that is in view, clear of one another and,
// where there is room, of the events.

import type { Point } from "../math/polygon.ts";

/** Left, top, width and height [px]. */
export type Box = readonly [number, number, number, number];

export interface Size {
  width: number;
  height: number;
}

const STEP = 4;
const GAP = 2;

/** The part of a segment within the area from (0, 0) to `size`, or null. */
export function clip(
  [x0, y0]: Point,
  [x1, y1]: Point,
  { width, height }: Size,
): [Point, Point] | null {
  const [dx, dy] = [x1 - x0, y1 - y0];
  let [from, to] = [0, 1];
  const borders = [
    [-dx, x0],
    [dx, width - x0],
    [-dy, y0],
    [dy, height - y0],
  ] as const;
  for (const [speed, room] of borders) {
    if (speed === 0 && room < 0) {
      return null;
    }
    if (speed < 0) {
      from = Math.max(from, room / speed);
    } else if (speed > 0) {
      to = Math.min(to, room / speed);
    }
  }
  const at = (share: number): Point => [x0 + share * dx, y0 + share * dy];
  return from < to ? [at(from), at(to)] : null;
}

/** The parts of a line that are in view. */
export function visible(line: readonly Point[], size: Size): [Point, Point][] {
  return line
    .slice(1)
    .map((end, step) => clip(line[step]!, end, size))
    .filter((part) => part !== null);
}

/** How much of a line is in view, in the units of `size`. */
export function visibleLength(line: readonly Point[], size: Size): number {
  return visible(line, size).reduce((sum, [a, b]) => sum + distance(a, b), 0);
}

/**
 * A place for a label of a line, null if there is none: as near to the line's end as it can be.
 *
 * `labels` are never covered, `events` only if nothing else is left.
 */
export function placeLabel(
  line: readonly Point[],
  [width, height]: readonly [number, number],
  size: Size,
  labels: readonly Box[],
  events: readonly Box[],
): Box | null {
  const within = ([left, top]: Box) =>
    left >= GAP &&
    top >= GAP &&
    left + width <= size.width - GAP &&
    top + height <= size.height - GAP;
  const boxes = points(visible(line, size))
    .map(([x, y]): Box => [Math.min(x, size.width - GAP) - width, y - height - GAP, width, height])
    .filter((box) => within(box) && !labels.some((other) => overlap(box, other)));
  return boxes.find((box) => !events.some((other) => overlap(box, other))) ?? boxes[0] ?? null;
}

/** Points on the parts of a line, those at its end first. */
function points(parts: readonly (readonly [Point, Point])[]): Point[] {
  return parts
    .flatMap(([[x0, y0], [x1, y1]]) => {
      const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / STEP));
      return Array.from({ length: steps + 1 }, (_, step): Point => {
        const share = step / steps;
        return [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
      });
    })
    .reverse();
}

function overlap([x, y, w, h]: Box, [left, top, width, height]: Box): boolean {
  return (
    x < left + width + GAP && left < x + w + GAP && y < top + height + GAP && top < y + h + GAP
  );
}

function distance([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x1 - x0, y1 - y0);
}
