// The sampled events of a bundle, and names of features for people.

import type { Bundle } from "../bundle/bundle.ts";
import type { Feature } from "../bundle/types.ts";
import { whole } from "../math/format.ts";
import { lowerBound } from "../math/quantile.ts";
import type { Entry } from "../ui/entries.ts";

const GROUPS: Record<string, string> = {
  shape: "Shape",
  size: "Size",
  brightness: "Brightness",
  fluorescence: "Fluorescence",
  mechanics: "Mechanics",
  position: "Position and time",
  texture: "Texture",
  qpi: "Quantitative phase",
  classes: "Classes",
  other: "Other",
};

export class Sample {
  readonly bundle: Bundle;
  /** Original indices, ascending; empty until they are loaded. */
  index: Float64Array = new Float64Array();
  private loading: Promise<Float64Array> | null = null;

  constructor(bundle: Bundle) {
    this.bundle = bundle;
  }

  get size(): number {
    return this.bundle.header.sampled;
  }

  /** Load the original indices: the first plot does not need them, everything else does. */
  loadIndex(): Promise<Float64Array> {
    this.loading ??= this.indices().then((index) => (this.index = index));
    this.loading.catch(() => (this.loading = null));
    return this.loading;
  }

  private async indices(): Promise<Float64Array> {
    const { sampling, sampled, event_count: total } = this.bundle.header;
    return sampling === "all" && sampled === total
      ? Float64Array.from({ length: total }, (_, event) => event)
      : this.bundle.index();
  }

  get total(): number {
    return this.bundle.header.event_count;
  }

  /** Place of an event among the sampled ones, or -1. */
  rowOf(event: number): number {
    const row = lowerBound(this.index, event);
    return this.index[row] === event ? row : -1;
  }

  feature(name: string): Feature {
    return this.bundle.feature(name)!;
  }
}

/** `Area [µm²]`, as dclab writes it. */
export function axisLabel({ label, unit }: { label: string; unit: string }): string {
  return unit ? `${label} [${unit}]` : label;
}

/** Entries of the search boxes; features are found by their short names, too. */
export function entries(features: readonly Feature[]): Entry[] {
  return features.map((feature) => ({
    value: feature.name,
    text: axisLabel(feature),
    group: GROUPS[feature.group] ?? "Other",
    words: feature.name,
  }));
}

/** How many events are shown, and how they were chosen. */
export function samplingNote(sampled: number, total: number, sampling: "all" | "grid"): string {
  if (sampling === "all" || sampled >= total) {
    return total === 1 ? "1 event" : `all ${whole(total)} events`;
  }
  return `${whole(sampled)} of ${whole(total)} events, grid-downsampled`;
}
