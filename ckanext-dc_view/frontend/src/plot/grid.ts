// Finds the event nearest to the pointer without looking at all of them.

import type { View } from "./points.ts";

const CELLS = 128;

export class PickingGrid {
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly box: View;
  private readonly starts: Uint32Array;
  private readonly events: Uint32Array;

  /** `box` is where most events are; others are counted to its outermost cells. */
  constructor(x: Float64Array, y: Float64Array, box: View) {
    this.x = x;
    this.y = y;
    this.box = box;
    this.starts = new Uint32Array(CELLS * CELLS + 1);
    const cells = new Int32Array(x.length);
    for (let event = 0; event < x.length; event += 1) {
      const finite = Number.isFinite(x[event]!) && Number.isFinite(y[event]!);
      cells[event] = finite ? this.column(x[event]!) + CELLS * this.row(y[event]!) : -1;
      if (finite) {
        this.starts[cells[event]! + 1]! += 1;
      }
    }
    for (let cell = 0; cell < CELLS * CELLS; cell += 1) {
      this.starts[cell + 1]! += this.starts[cell]!;
    }
    const next = this.starts.slice();
    this.events = new Uint32Array(this.starts[CELLS * CELLS]!);
    cells.forEach((cell, event) => {
      if (cell >= 0) {
        this.events[next[cell]!++] = event;
      }
    });
  }

  /** The event nearest to (x, y) within the given distances along the axes, or -1. */
  nearest(x: number, y: number, reachX: number, reachY: number): number {
    let [best, closest] = [-1, 1];
    for (let row = this.row(y - reachY); row <= this.row(y + reachY); row += 1) {
      const from = this.starts[this.column(x - reachX) + CELLS * row]!;
      const to = this.starts[this.column(x + reachX) + CELLS * row + 1]!;
      for (let place = from; place < to; place += 1) {
        const event = this.events[place]!;
        const distance =
          ((this.x[event]! - x) / reachX) ** 2 + ((this.y[event]! - y) / reachY) ** 2;
        if (distance <= closest) {
          [best, closest] = [event, distance];
        }
      }
    }
    return best;
  }

  private column(x: number): number {
    return cell(x, this.box.x);
  }

  private row(y: number): number {
    return cell(y, this.box.y);
  }
}

function cell(value: number, [low, high]: View["x"]): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor((CELLS * (value - low)) / (high - low))));
}
