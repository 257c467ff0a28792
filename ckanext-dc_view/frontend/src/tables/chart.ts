// Columns of a table as lines over time, or over the row where there is no time.

import uPlot from "uplot";

import { linearTicks, tickTexts } from "../math/scale.ts";
import { readTheme } from "../plot/theme.ts";
import { el } from "../ui/dom.ts";
import { timeColumn, type Cell } from "./sort.ts";

const COLOURS = ["#3b76c4", "#d9822b", "#1f9a6a", "#b3418f", "#8a6d1d", "#5d6d7e"];

/** Check boxes for the columns and the chart of those that are checked. */
export function tableChart(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): HTMLElement {
  const time = timeColumn(columns);
  const numeric = [...columns.keys()].filter(
    (column) => column !== time && rows.some((row) => typeof row[column] === "number"),
  );
  const host = el("div", { class: "dcv-table-chart", role: "img" });
  const boxes = numeric.map((column, turn) => {
    const input = el("input", { type: "checkbox", on: { change: () => redraw() } });
    input.checked = turn === 0;
    return { column, input, element: el("label", { class: "dcv-check" }, input, columns[column]!) };
  });
  const redraw = () => {
    const chosen = boxes.filter(({ input }) => input.checked).map(({ column }) => column);
    draw(host, columns, rows, time, chosen);
  };
  let width = 0;
  new ResizeObserver(() => {
    if (host.clientWidth !== width) {
      width = host.clientWidth;
      redraw();
    }
  }).observe(host);
  const legend = el(
    "div",
    { class: "dcv-switches", role: "group", "aria-label": "Columns in the chart" },
    ...boxes.map(({ element }) => element),
  );
  return el("div", {}, legend, host);
}

function draw(
  host: HTMLElement,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  time: number,
  chosen: readonly number[],
): void {
  const theme = readTheme(host);
  const order = [...rows.keys()];
  const value = (row: number, column: number) => {
    const cell = rows[row]![column];
    return typeof cell === "number" ? cell : null;
  };
  if (time >= 0) {
    order.sort((a, b) => (value(a, time) ?? Infinity) - (value(b, time) ?? Infinity));
  }
  const x = order.map((row) => (time < 0 ? row : (value(row, time) ?? Number.NaN)));
  const axis = (space: number, label?: string): uPlot.Axis => ({
    stroke: theme.ink,
    font: `11px ${theme.font}`,
    grid: { stroke: theme.line, width: 1 },
    ticks: { stroke: theme.line, width: 1 },
    ...(label ? { label, labelFont: `12px ${theme.font}`, labelSize: 20 } : {}),
    size: label ? 28 : 56,
    splits: (chart, side, low, high) => {
      const length = (side === 0 ? chart.bbox.width : chart.bbox.height) / devicePixelRatio;
      return linearTicks([low, high], Math.max(2, Math.floor(length / space)));
    },
    values: (_, splits) => tickTexts(splits),
  });
  host.replaceChildren();
  host.setAttribute(
    "aria-label",
    `Chart of ${chosen.map((column) => columns[column]).join(", ") || "no column"}`,
  );
  new uPlot(
    {
      width: Math.max(240, host.clientWidth),
      height: 240,
      scales: { x: { time: false } },
      legend: { show: false },
      cursor: { show: false },
      axes: [axis(70, time < 0 ? "row" : columns[time]!), axis(36)],
      series: [
        {},
        ...chosen.map((column, turn) => ({
          label: columns[column]!,
          stroke: COLOURS[turn % COLOURS.length]!,
          width: 1.5,
        })),
      ],
    },
    [x, ...chosen.map((column) => order.map((row) => value(row, column)))],
    host,
  );
  const names = chosen.map((column, turn) =>
    el("li", { class: `dcv-trace dcv-series-${turn % COLOURS.length}` }, columns[column]!),
  );
  host.append(el("ul", { class: "dcv-legend" }, ...names));
}
