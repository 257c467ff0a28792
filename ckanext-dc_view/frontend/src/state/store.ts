// What the reader has chosen, in one place; whoever shows it is told when it changes.

import type { Point } from "../math/polygon.ts";
import type { Range } from "../math/scale.ts";

/** A selection: a polygon on two features, in their own values. */
export interface Shape {
  x: string;
  y: string;
  points: readonly Point[];
}

export interface Choice {
  x: string;
  y: string;
  xLog: boolean;
  yLog: boolean;
  /** `density`, `none` or a feature. */
  colour: string;
  /** Limits in the feature's own values; null: as the data are. */
  xRange: Range | null;
  yRange: Range | null;
  /** Table of isoelastics; null: none are shown. */
  lut: string | null;
  pixelated: boolean;
  shape: Shape | null;
  /** Original index of the event that is looked at. */
  event: number | null;
}

export type Listener<T> = (state: T, changed: ReadonlySet<keyof T>) => void;

export class Store<T extends object> {
  private state: T;
  private readonly listeners: Listener<T>[] = [];

  constructor(state: T) {
    this.state = state;
  }

  get(): Readonly<T> {
    return this.state;
  }

  /** Change some of it; listeners are told once, and only if something differs. */
  set(part: Partial<T>): void {
    const changed = (Object.keys(part) as (keyof T)[]).filter(
      (key) => part[key] !== this.state[key],
    );
    if (changed.length) {
      this.state = { ...this.state, ...part };
      const keys = new Set(changed);
      this.listeners.forEach((listener) => listener(this.state, keys));
    }
  }

  subscribe(listener: Listener<T>): void {
    this.listeners.push(listener);
  }
}
