// Which features are shown: the search boxes for the axes and the colour, and the isoelastics.

import type { Note } from "../bundle/types.ts";
import { tablesFor } from "../plot/isoelastics.ts";
import type { Choice, Store } from "../state/store.ts";
import { combobox } from "../ui/combobox.ts";
import { checkbox, select } from "../ui/controls.ts";
import { el } from "../ui/dom.ts";
import { entries, type Sample } from "./sample.ts";

const FIXED = [
  { value: "density", text: "Event density", group: "Colour", words: "kde" },
  { value: "none", text: "One colour", group: "Colour", words: "plain none" },
];

/** Controls for what is plotted; they follow the choice, whoever changes it. */
export function axisControls(sample: Sample, store: Store<Choice>): HTMLElement {
  const known = entries(sample.bundle.header.features);
  const now = store.get();
  const x = combobox("Horizontal axis", known, now.x, (value) =>
    store.set(axisChange("x", value, sample)),
  );
  const y = combobox("Vertical axis", known, now.y, (value) =>
    store.set(axisChange("y", value, sample)),
  );
  const colour = combobox("Colour", [...FIXED, ...known], now.colour, (value) =>
    store.set({ colour: value }),
  );
  const xLog = checkbox("logarithmic", now.xLog, (checked) =>
    store.set({ xLog: checked, xRange: null }),
  );
  const yLog = checkbox("logarithmic", now.yLog, (checked) =>
    store.set({ yLog: checked, yRange: null }),
  );
  xLog.input.setAttribute("aria-label", "Horizontal axis logarithmic");
  yLog.input.setAttribute("aria-label", "Vertical axis logarithmic");
  const follow = (choice: Readonly<Choice>) => {
    x.set(choice.x);
    y.set(choice.y);
    colour.set(choice.colour);
    xLog.input.checked = choice.xLog;
    yLog.input.checked = choice.yLog;
  };
  store.subscribe(follow);
  return el(
    "div",
    { class: "dcv-controls" },
    el("div", { class: "dcv-control" }, x.element, xLog.element),
    el("div", { class: "dcv-control" }, y.element, yLog.element),
    el("div", { class: "dcv-control" }, colour.element),
    isoelasticControls(sample, store),
  );
}

function axisChange(axis: "x" | "y", value: string, sample: Sample): Partial<Choice> {
  // A selection stays: it is a gate on its own features, whatever is plotted.
  const keepsLog = sample.feature(value).positive;
  return axis === "x"
    ? { x: value, xRange: null, ...(keepsLog ? {} : { xLog: false }) }
    : { y: value, yRange: null, ...(keepsLog ? {} : { yLog: false }) };
}

function isoelasticControls(sample: Sample, store: Store<Choice>): HTMLElement {
  const { lines, missing } = sample.bundle.header.isoelastics;
  const tables = select("Isoelastics", [], "", (value) => store.set({ lut: value || null }));
  const pixelated = checkbox("pixelation corrected", true, (checked) =>
    store.set({ pixelated: checked }),
  );
  const why = el("p", { class: "dcv-hint" });
  const host = el("div", { class: "dcv-control" }, tables.element, pixelated.element, why);
  const follow = (choice: Readonly<Choice>) => {
    const fitting = tablesFor(lines, choice.x, choice.y);
    const chosen = fitting.find((table) => table.lut === choice.lut);
    tables.setOptions(
      [["", "off"], ...fitting.map(({ lut }) => [lut, lut] as const)],
      chosen?.lut ?? "",
    );
    tables.input.disabled = fitting.length === 0;
    pixelated.element.hidden = !chosen?.pixelated;
    pixelated.input.checked = choice.pixelated;
    why.textContent = fitting.length ? "" : explanation(missing, choice);
    why.hidden = why.textContent === "";
  };
  follow(store.get());
  store.subscribe(follow);
  return host;
}

function explanation(missing: Note | null, { x, y }: Readonly<Choice>): string {
  const pair = new Set([x, y]);
  const known =
    (pair.has("area_um") || pair.has("volume")) && (pair.has("deform") || pair.has("circ"));
  return known && missing ? missing.text : "for area or volume with deformation or circularity";
}
