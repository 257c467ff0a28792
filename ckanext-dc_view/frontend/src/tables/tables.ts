// The tables of a measurement: sortable, with a chart, for download.

import { counted, number, whole } from "../math/format.ts";
import { getJson, withQuery, withSuffix } from "../net/api.ts";
import { button, notice } from "../ui/controls.ts";
import { el, fill } from "../ui/dom.ts";
import { tableChart } from "./chart.ts";
import { sortedRows, type Cell } from "./sort.ts";

interface TableEntry {
  name: string;
  columns: string[] | null;
  rows: number;
}

interface TablePart {
  columns: string[] | null;
  total: number;
  rows: Cell[][];
}

const PIECE = 1000;
const SHOWN = 100;

/** Fill `host` with the tables found at `url`. */
export async function showTables(host: HTMLElement, url: string): Promise<void> {
  const { tables } = await getJson<{ tables: TableEntry[] }>(url);
  if (!tables.length) {
    fill(host, el("p", {}, "This resource has no tables."));
    return;
  }
  fill(host, ...tables.map((table) => tableBlock(table, url)));
}

function tableBlock(table: TableEntry, url: string): HTMLElement {
  const width = table.columns?.length ?? 1;
  const facts = `${counted(table.rows, "row")}, ${counted(width, "column")}`;
  const body = el("div", { class: "dcv-log-body" });
  const title = el(
    "summary",
    {},
    el("span", { class: "dcv-log-name" }, table.name),
    el("span", { class: "dcv-hint" }, facts),
  );
  const block = el("details", { class: "dcv-log" }, title, body);
  block.addEventListener("toggle", () => {
    if (block.open && !body.hasChildNodes()) {
      openTable(body, table, url).catch((error: unknown) => {
        fill(body, notice("warning", error instanceof Error ? error.message : String(error)));
      });
    }
  });
  return block;
}

async function openTable(body: HTMLElement, table: TableEntry, url: string): Promise<void> {
  fill(body, el("p", { class: "dcv-hint" }, "Loading …"));
  const part = await getJson<TablePart>(
    withQuery(url, { name: table.name, start: 0, count: PIECE }),
  );
  const columns =
    part.columns ??
    Array.from({ length: part.rows[0]?.length ?? 0 }, (_, column) => `column ${column}`);
  const file = (suffix: string) =>
    el(
      "a",
      { class: "dcv-button", href: withQuery(withSuffix(url, suffix), { name: table.name }) },
      `Download (${suffix})`,
    );
  const limit =
    part.total > part.rows.length &&
    `Sorted and drawn are the first ${whole(part.rows.length)} of ${whole(part.total)} rows; downloads are complete.`;
  fill(
    body,
    el("div", { class: "dcv-log-head" }, file(".csv"), file(".tsv")),
    limit && notice("info", limit),
    tableChart(columns, part.rows),
    sortable(table.name, columns, part.rows),
  );
}

function sortable(name: string, columns: readonly string[], rows: readonly Cell[][]): HTMLElement {
  const now = { column: -1, descending: false, shown: SHOWN };
  const tbody = el("tbody");
  const more = el("div");
  const heads = columns.map((title, column) =>
    el(
      "th",
      { scope: "col", "aria-sort": "none", class: isNumeric(rows, column) ? "dcv-number" : null },
      el("button", { type: "button", class: "dcv-sort", on: { click: () => sort(column) } }, title),
    ),
  );
  const redraw = () => {
    const order = now.column < 0 ? [...rows.keys()] : sortedRows(rows, now.column, now.descending);
    fill(tbody, ...order.slice(0, now.shown).map((row) => tableRow(rows[row]!)));
    const rest = rows.length - now.shown;
    const show = () => {
      now.shown += SHOWN;
      redraw();
    };
    fill(more, rest > 0 && button(`More (${whole(rest)} rows)`, show));
  };
  const sort = (column: number) => {
    now.descending = now.column === column && !now.descending;
    now.column = column;
    heads.forEach((head, place) => {
      head.setAttribute(
        "aria-sort",
        place !== column ? "none" : now.descending ? "descending" : "ascending",
      );
    });
    redraw();
  };
  redraw();
  const table = el("table", { class: "dcv-table" }, el("thead", {}, el("tr", {}, ...heads)), tbody);
  return el(
    "div",
    {
      class: "dcv-scroll dcv-scroll-high",
      tabindex: "0",
      role: "region",
      "aria-label": `Table ${name}`,
    },
    table,
    more,
  );
}

function isNumeric(rows: readonly Cell[][], column: number): boolean {
  return rows.some((row) => typeof row[column] === "number");
}

function tableRow(cells: readonly Cell[]): HTMLElement {
  return el(
    "tr",
    {},
    ...cells.map((cell) => {
      const value = typeof cell === "number" ? number(cell, 6) : (cell ?? "–");
      return el("td", { class: typeof cell === "string" ? null : "dcv-number" }, value);
    }),
  );
}
