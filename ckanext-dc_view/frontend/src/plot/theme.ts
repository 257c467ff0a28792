// Colours of the page for canvases: read from the style sheet, so that light and dark are decided
// in one place.

import type { Rgb } from "../math/colour.ts";

export interface Theme {
  ink: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  mark: string;
  rim: Rgb;
  font: string;
  noValue: Rgb;
  notChosen: Rgb;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--dcv-${name}`).trim();
  return {
    ink: colour("ink"),
    muted: colour("muted"),
    line: colour("grid"),
    surface: colour("surface"),
    accent: colour("accent"),
    mark: colour("mark"),
    rim: rgb(colour("rim")),
    font: style.fontFamily,
    noValue: rgb(colour("no-value")),
    notChosen: rgb(colour("not-chosen")),
  };
}

/** `#rrggbb` as three numbers. */
export function rgb(text: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1] ?? "808080";
  const channel = (place: number) => Number.parseInt(digits.slice(place, place + 2), 16);
  return [channel(0), channel(2), channel(4)];
}
