// What the event panel shows before anybody has chosen an event: some events to begin with.

import { el } from "../ui/dom.ts";
import { buttonGrid } from "../ui/roving.ts";
import type { Thumbnails } from "./thumbnail.ts";
import type { TileSource } from "./tiles.ts";

const COUNT = 12;

export interface Invitation {
  element: HTMLElement;
  load: () => Promise<void>;
}

export function invitation(tiles: TileSource, pictures: Thumbnails): Invitation {
  const grid = buttonGrid("dcv-gallery", "Some events to begin with");
  const text = el("p", {}, "Click an event in the plot, or use the arrow keys, to see it here.");
  const load = async () => {
    const some = spread(tiles.overview.slice(0, 48), COUNT);
    const buttons = new Map(some.map((event) => [event, pictures.make(event)]));
    try {
      const found = await tiles.load(some, new AbortController().signal);
      buttons.forEach((button, event) => pictures.paint(button, found.get(event), false));
      grid.show(buttons.values());
    } catch {
      // They are an invitation and nothing more: the gallery tells what is wrong.
    }
  };
  return { element: el("div", { class: "dcv-invitation" }, text, grid.element), load };
}

/** At most `count` of them, evenly spread. */
export function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from(
    { length: Math.min(count, all.length) },
    (_, turn) => all[Math.floor(turn * step)]!,
  );
}
