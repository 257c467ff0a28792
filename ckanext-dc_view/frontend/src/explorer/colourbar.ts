// What the colours mean: a bar with its ends.

import { number } from "../math/format.ts";
import { el } from "../ui/dom.ts";
import type { ColourScale } from "./plotdata.ts";
import { axisLabel, type Sample } from "./sample.ts";
import type { Choice } from "../state/store.ts";

export interface ColourBar {
  element: HTMLElement;
  show: (scale: ColourScale, choice: Readonly<Choice>) => void;
}

export function colourBar(sample: Sample): ColourBar {
  const [low, high, title] = [el("span"), el("span"), el("span", { class: "dcv-colourbar-title" })];
  const element = el(
    "div",
    { class: "dcv-colourbar" },
    title,
    low,
    el("span", { class: "dcv-ramp" }),
    high,
  );
  const show = (scale: ColourScale, { colour }: Readonly<Choice>) => {
    element.hidden = colour === "none";
    title.textContent =
      colour === "density" || colour === "none"
        ? "Event density"
        : axisLabel(sample.feature(colour));
    low.textContent = scale.range ? number(scale.range[0], 4) : "low";
    high.textContent = scale.range ? number(scale.range[1], 4) : "high";
  };
  return { element, show };
}
