// A few lines beside the pointer.

import type { Place } from "../plot/gestures.ts";
import { el, fill } from "../ui/dom.ts";

export interface Tooltip {
  element: HTMLElement;
  show: (lines: readonly string[] | null, at: Place | null) => void;
}

const GAP = 14;

export function tooltip(): Tooltip {
  const element = el("div", { class: "dcv-tooltip", "aria-hidden": "true", hidden: true });
  const show: Tooltip["show"] = (lines, at) => {
    element.hidden = !lines || !at;
    const area = element.parentElement?.querySelector<HTMLElement>(".u-over");
    if (!lines || !at || !area) {
      return;
    }
    fill(element, ...lines.map((line) => el("div", {}, line)));
    // Relative to the plot area, on the side where there is room.
    const [left, top] = [area.offsetLeft + at[0], area.offsetTop + at[1]];
    const flips = at[0] > area.clientWidth / 2;
    element.style.left = `${left + (flips ? -GAP - element.offsetWidth : GAP)}px`;
    element.style.top = `${Math.max(0, top - element.offsetHeight - 4)}px`;
  };
  return { element, show };
}
