// All scalar values of one event, each with its rank among all events.

import type { Bundle } from "../bundle/bundle.ts";
import { number } from "../math/format.ts";
import { rank } from "../math/quantile.ts";
import { axisLabel } from "../explorer/sample.ts";
import { el } from "../ui/dom.ts";

export interface ValueList {
  element: HTMLElement;
  /** Show the values of an event, those of the features in `first` before the others. */
  show: (values: ReadonlyMap<string, number> | null, first?: readonly string[]) => Promise<void>;
}

export function valueList(bundle: Bundle): ValueList {
  const rows = bundle.header.features.map((feature) => {
    const [value, place] = [
      el("td", { class: "dcv-number" }),
      el("td", { class: "dcv-number dcv-rank" }),
    ];
    const row = el("tr", {}, el("th", { scope: "row" }, axisLabel(feature)), value, place);
    return { feature, row, value, place };
  });
  const filter = el("input", {
    type: "search",
    class: "dcv-input",
    placeholder: "Find a feature",
    "aria-label": "Find a feature among the values",
    on: { input: () => narrow(filter.value.toLowerCase()) },
  });
  const narrow = (wanted: string) => {
    for (const { feature, row } of rows) {
      row.hidden = !`${axisLabel(feature)} ${feature.name}`.toLowerCase().includes(wanted);
    }
  };
  const body = el("tbody", {}, ...rows.map(({ row }) => row));
  const arrange = (first: readonly string[]) => {
    const place = ({ feature }: (typeof rows)[number]) => {
      const found = first.indexOf(feature.name);
      return found < 0 ? first.length : found;
    };
    const ordered = [...rows].sort((a, b) => place(a) - place(b));
    body.append(...ordered.map(({ row }) => row));
  };
  const head = ["Feature", "Value", "Percentile"].map((title) => el("th", { scope: "col" }, title));
  const table = el(
    "table",
    { class: "dcv-table dcv-values" },
    el("thead", {}, el("tr", {}, ...head)),
    body,
  );
  const scroll = el(
    "div",
    {
      class: "dcv-scroll dcv-values-scroll",
      tabindex: "0",
      role: "region",
      "aria-label": "Values of the event",
    },
    table,
  );
  const element = el("div", { hidden: true }, filter, scroll);
  const show: ValueList["show"] = async (values, first = []) => {
    element.hidden = values === null;
    arrange(first);
    for (const { feature, value, place } of rows) {
      value.textContent = number(values?.get(feature.name) ?? null, 5);
      place.textContent = "";
    }
    for (const { feature, place } of values ? rows : []) {
      const found = rank(
        await bundle.quantiles(feature.name),
        values!.get(feature.name) ?? Number.NaN,
      );
      place.textContent = found === null ? "–" : String(Math.round(found));
      place.style.setProperty("--dcv-rank", `${found ?? 0}%`);
    }
  };
  return { element, show };
}
