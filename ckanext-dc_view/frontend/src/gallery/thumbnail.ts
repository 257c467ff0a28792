// A small picture of an event: pointing at it marks the event in the plot, a click opens it.

import type { Sample } from "../explorer/sample.ts";
import type { Choice, Store } from "../state/store.ts";
import { el } from "../ui/dom.ts";
import { drawTile, type Tile } from "./tiles.ts";

export interface Thumbnails {
  /** A button for an event, still without its picture. */
  make: (event: number) => HTMLElement;
  paint: (button: HTMLElement, tile: Tile | undefined, contour: boolean) => void;
}

/** `hover` marks a sampled event in the plot, or none. */
export function thumbnails(
  sample: Sample,
  store: Store<Choice>,
  hover: (row: number | null) => void,
): Thumbnails {
  const [width, height] = sample.bundle.header.sprites.tile.map((side) => 2 * (side || 48)) as [
    number,
    number,
  ];
  const make = (event: number) => {
    const point = () => {
      const row = sample.rowOf(event);
      hover(row < 0 ? null : row);
    };
    const leave = () => hover(null);
    const attributes = {
      type: "button",
      class: "dcv-tile",
      "aria-label": `Event ${event}`,
      "aria-pressed": String(store.get().event === event),
      "data-event": event,
    };
    const on = {
      click: () => store.set({ event }),
      pointerenter: point,
      pointerleave: leave,
      focus: point,
      blur: leave,
    };
    return el(
      "button",
      { ...attributes, on },
      el("canvas", { width, height }),
      el("span", {}, String(event)),
    );
  };
  const paint: Thumbnails["paint"] = (button, tile, contour) => {
    if (tile) {
      drawTile(button.querySelector("canvas")!, tile, contour);
      button.dataset["drawn"] = "";
    }
  };
  return { make, paint };
}
