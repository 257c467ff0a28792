// dclab's statistics of every feature: all events beside the selection.

import type { Statistics } from "../bundle/types.ts";
import { axisLabel, type Sample } from "../explorer/sample.ts";
import { csv } from "../math/csv.ts";
import { machine, number, percent, whole, withUnit } from "../math/format.ts";
import { chosenValues, describe, NAMES } from "../math/statistics.ts";
import { button, notice } from "../ui/controls.ts";
import { download, el, fill } from "../ui/dom.ts";

export interface StatisticsTable {
  element: HTMLElement;
  open: () => void;
  restrict: (chosen: Uint8Array | null) => void;
}

type Row = { label: string; all: readonly (number | null)[]; chosen: readonly number[] | null };

export function statisticsTable(sample: Sample, name: string): StatisticsTable {
  const body = el("div");
  const facts = el("p", { class: "dcv-hint", role: "status" });
  const save = button("Table (CSV)", () => void saveTable(), "download");
  const element = el("div", {}, el("div", { class: "dcv-gallery-head" }, facts, save), body);
  let chosen: Uint8Array | null = null;
  let open = false;
  let turn = 0;

  const rows = async (all: Statistics): Promise<Row[]> => {
    const columns = chosen ? await sample.bundle.allColumns() : null;
    return sample.bundle.header.features.map((feature) => ({
      label: axisLabel(feature),
      all: all.values[feature.name] ?? [],
      chosen: columns && chosen ? describe(chosenValues(columns.get(feature.name)!, chosen)) : null,
    }));
  };

  const refresh = async () => {
    const mine = ++turn;
    if (!open) {
      return;
    }
    const all = await sample.bundle.statistics();
    const found = await rows(all);
    if (mine === turn) {
      facts.textContent = describeCounts(all, chosen, sample.size);
      fill(body, scrolling(table(all.names, found, chosen !== null)));
    }
  };

  const guarded = () =>
    void refresh().catch((error: unknown) =>
      fill(body, notice("warning", error instanceof Error ? error.message : String(error))),
    );

  const saveTable = async () => {
    const all = await sample.bundle.statistics();
    download(
      `${name}_statistics.csv`,
      statisticsCsv(all, await rows(all), chosen, sample.size),
      "text/csv;charset=utf-8",
    );
  };

  return {
    element,
    open: () => {
      open = true;
      guarded();
    },
    restrict: (given) => {
      chosen = given;
      guarded();
    },
  };
}

/** Events, %-gated and flow rate, as dclab names them. */
function describeCounts(all: Statistics, chosen: Uint8Array | null, shown: number): string {
  const parts = [`Events: ${whole(all.events)}`, `Flow rate: ${withUnit(all.flow_rate, "µL/s")}`];
  if (chosen) {
    const count = chosen.reduce((sum, one) => sum + one, 0);
    parts.push(
      `selection: ${whole(count)} of ${whole(shown)} events shown, %-gated: ${percent(count, shown)}`,
    );
  }
  return parts.join(" · ");
}

function table(names: readonly string[], rows: readonly Row[], both: boolean): HTMLElement {
  const titles = ["Feature", ...(both ? ["Of"] : []), ...names];
  const head = el(
    "thead",
    {},
    el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title))),
  );
  return el(
    "table",
    { class: "dcv-table dcv-statistics" },
    head,
    el("tbody", {}, ...rows.flatMap((row) => lines(row, both))),
  );
}

function lines(row: Row, both: boolean): HTMLElement[] {
  const cells = (values: readonly (number | null)[]) =>
    values.map((value) => el("td", { class: "dcv-number" }, number(value, 4)));
  const title = el("th", { scope: "row", rowspan: both ? 2 : null }, row.label);
  const first = el("tr", {}, title, both && el("td", {}, "all"), ...cells(row.all));
  const second =
    both &&
    el(
      "tr",
      { class: "dcv-chosen" },
      el("td", {}, "selection"),
      ...cells(row.chosen ?? NAMES.map(() => Number.NaN)),
    );
  return second ? [first, second] : [first];
}

function scrolling(content: HTMLElement): HTMLElement {
  return el(
    "div",
    {
      class: "dcv-scroll dcv-scroll-high",
      tabindex: "0",
      role: "region",
      "aria-label": "Statistics",
    },
    content,
  );
}

/** The same table for programs; one line per feature and set of events. */
export function statisticsCsv(
  all: Statistics,
  rows: readonly Row[],
  chosen: Uint8Array | null,
  shown: number,
): string {
  const head = ["Feature", "Events of", "Events", "%-gated", "Flow rate", ...all.names];
  const flow = machine(all.flow_rate ?? Number.NaN);
  const count = chosen ? chosen.reduce((sum, one) => sum + one, 0) : 0;
  const text = (values: readonly (number | null)[]) =>
    values.map((value) => machine(value ?? Number.NaN));
  const body = rows.flatMap((row) => {
    const first = [row.label, "measurement", String(all.events), "100", flow, ...text(row.all)];
    const share = shown ? machine((100 * count) / shown) : "nan";
    return row.chosen
      ? [first, [row.label, "selection", String(count), share, flow, ...text(row.chosen)]]
      : [first];
  });
  return csv([head, ...body]);
}
