// Limits of the axes, typed; and the selection of what they enclose, for those who use no pointer.

import { number, parse } from "../math/format.ts";
import type { Range } from "../math/scale.ts";
import type { ScatterPlot } from "../plot/scatter.ts";
import type { Choice, Store } from "../state/store.ts";
import { button } from "../ui/controls.ts";
import { el } from "../ui/dom.ts";
import { values } from "./stage.ts";

export interface Limits {
  element: HTMLElement;
  /** Show the limits of the plot. */
  follow: () => void;
}

export function limitControls(
  plot: ScatterPlot,
  store: Store<Choice>,
  selectShown: () => void,
): Limits {
  const x = pair("Horizontal axis", (range) => store.set({ xRange: range }));
  const y = pair("Vertical axis", (range) => store.set({ yRange: range }));
  const follow = () => {
    const { xLog, yLog } = store.get();
    x.show(values(plot.view.x, xLog));
    y.show(values(plot.view.y, yLog));
  };
  const element = el(
    "details",
    { class: "dcv-limits", on: { toggle: follow } },
    el("summary", {}, "Limits of the axes"),
    el(
      "div",
      { class: "dcv-limit-rows" },
      x.element,
      y.element,
      button("Select the events within", selectShown),
    ),
  );
  return { element, follow };
}

function pair(
  name: string,
  change: (range: Range) => void,
): { element: HTMLElement; show: (range: Range) => void } {
  const message = el("span", { class: "dcv-hint", role: "status" });
  const read = () => {
    const [low, high] = [parse(from.value), parse(to.value)];
    const sound = low !== null && high !== null && low < high;
    message.textContent = sound ? "" : "Two numbers, the smaller one first.";
    if (sound) {
      change([low, high]);
    }
  };
  const field = (which: string) =>
    el("input", {
      type: "text",
      inputmode: "decimal",
      class: "dcv-input dcv-input-number",
      "aria-label": `${name}: ${which}`,
      on: { change: read, keydown: (event) => event.key === "Enter" && read() },
    });
  const [from, to] = [field("from"), field("to")];
  const show = ([low, high]: Range) => {
    if (document.activeElement !== from && document.activeElement !== to) {
      from.value = plain(low);
      to.value = plain(high);
    }
  };
  return {
    element: el("div", { class: "dcv-limit" }, el("span", {}, name), from, "to", to, message),
    show,
  };
}

/** A number as one types it. */
function plain(value: number): string {
  return number(value).replaceAll("−", "-").replaceAll("\u202f", "");
}
