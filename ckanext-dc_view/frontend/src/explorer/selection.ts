// The bar under the plot that tells what is selected, while it is being drawn and afterwards.

import { number, percent, whole } from "../math/format.ts";
import { polyFile } from "../math/polyfile.ts";
import { describe, chosenValues, NAMES } from "../math/statistics.ts";
import type { Choice, Shape, Store } from "../state/store.ts";
import { button } from "../ui/controls.ts";
import { download, el, fill } from "../ui/dom.ts";
import { enclosed } from "./plotdata.ts";
import { axisLabel, type Sample } from "./sample.ts";

export interface SelectionBar {
  element: HTMLElement;
  /** Show a selection; `draft` while it is being drawn. */
  show: (shape: Shape | null, draft: boolean) => void;
}

export function selectionBar(sample: Sample, store: Store<Choice>, name: string): SelectionBar {
  const count = el("strong");
  const table = el("table", { class: "dcv-table dcv-statistics" });
  const save = button(
    "Polygon filter (.poly)",
    () => savePolygon(store.get().shape, name),
    "download",
  );
  const clear = button("Clear", () => store.set({ shape: null }), "close");
  const announcement = el("span", { class: "dcv-unseen", role: "status" });
  const element = el(
    "div",
    { class: "dcv-selection", hidden: true },
    el("div", { class: "dcv-selection-head" }, el("span", {}, "Selection: ", count), save, clear),
    el(
      "div",
      {
        class: "dcv-scroll",
        tabindex: "0",
        role: "region",
        "aria-label": "Statistics of the selection",
      },
      table,
    ),
  );
  const host = el("div", {}, element, announcement);
  let turn = 0;
  const show = (shape: Shape | null, draft: boolean) => {
    const mine = ++turn;
    element.hidden = shape === null;
    if (shape) {
      void enclosed(sample, shape).then(async (chosen) => {
        const rows = await featureRows(sample, store.get(), shape, chosen);
        if (mine === turn) {
          const events = chosen.reduce((sum, one) => sum + one, 0);
          count.textContent = `${whole(events)} of ${whole(sample.size)} events shown (${percent(events, sample.size)})`;
          fill(table, ...rows);
          save.disabled = draft;
          announcement.textContent = draft ? "" : `${events} events are selected.`;
        }
      });
    } else {
      announcement.textContent = "";
    }
  };
  return { element: host, show };
}

/** Statistics of the features that are in sight. */
async function featureRows(
  sample: Sample,
  choice: Readonly<Choice>,
  shape: Shape,
  chosen: Uint8Array,
): Promise<HTMLElement[]> {
  const names = new Set([shape.x, shape.y, choice.x, choice.y, choice.colour]);
  const known = [...names].filter((name) => sample.bundle.feature(name));
  const head = el(
    "thead",
    {},
    el(
      "tr",
      {},
      el("th", { scope: "col" }, "Feature"),
      ...NAMES.map((title) => el("th", { scope: "col" }, title)),
    ),
  );
  const rows = known.map(async (name) => {
    const values = describe(chosenValues(await sample.bundle.column(name), chosen));
    const cells = values.map((value) => el("td", { class: "dcv-number" }, number(value, 4)));
    return el("tr", {}, el("th", { scope: "row" }, axisLabel(sample.feature(name))), ...cells);
  });
  return [head, el("tbody", {}, ...(await Promise.all(rows)))];
}

function savePolygon(shape: Shape | null, name: string): void {
  if (shape) {
    download(`${name}.poly`, polyFile({ name, ...shape }));
  }
}
