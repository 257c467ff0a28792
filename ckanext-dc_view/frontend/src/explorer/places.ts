// Where single events lie on the axes: the one in the panel, and the one that is pointed at.

import type { Point } from "../math/polygon.ts";
import type { Choice, Store } from "../state/store.ts";
import type { Plotted } from "./plotdata.ts";
import type { Sample } from "./sample.ts";

type Values = ReadonlyMap<string, number>;

export class Places {
  /** The sampled event that is pointed at. */
  row: number | null = null;
  private known: { event: number; values: Values } | null = null;
  private readonly sample: Sample;
  private readonly store: Store<Choice>;
  private readonly shown: () => Plotted | null;

  constructor(sample: Sample, store: Store<Choice>, shown: () => Plotted | null) {
    this.sample = sample;
    this.store = store;
    this.shown = shown;
  }

  remember(event: number, values: Values): void {
    this.known = { event, values };
  }

  /** Values of the event in the panel, as far as they are known. */
  focus(): Point | null {
    const { event, x, y } = this.store.get();
    const row = event === null ? -1 : this.sample.rowOf(event);
    if (row >= 0) {
      return this.ofRow(row);
    }
    const values = this.known?.event === event ? this.known?.values : null;
    return values ? [values.get(x) ?? Number.NaN, values.get(y) ?? Number.NaN] : null;
  }

  hover(): Point | null {
    return this.row === null ? null : this.ofRow(this.row);
  }

  private ofRow(row: number): Point | null {
    const shown = this.shown();
    return shown && [shown.x[row]!, shown.y[row]!];
  }
}
