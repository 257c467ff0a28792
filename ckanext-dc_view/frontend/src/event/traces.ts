// Fluorescence traces of one event.

import uPlot from "uplot";

import { number } from "../math/format.ts";
import { linearTicks, tickTexts } from "../math/scale.ts";
import { readTheme } from "../plot/theme.ts";
import { checkbox, select } from "../ui/controls.ts";
import { el } from "../ui/dom.ts";
import type { EventData, Trace } from "./load.ts";

/** The channels' colours in every program of the field. */
const COLOURS: Record<string, string> = { fl1: "#15bf00", fl2: "#bf8a00", fl3: "#bf0c00" };
const MICRO = 1e6;

export interface Traces {
  element: HTMLElement;
  show: (data: EventData | null, values: ReadonlyMap<string, number>) => void;
}

export function traces(): Traces {
  const host = el("div", { class: "dcv-traces-plot", role: "img" });
  let [data, values]: [EventData | null, ReadonlyMap<string, number>] = [null, new Map()];
  let peak = false;
  let kind = "raw";
  const redraw = () => data && draw(host, data, values, kind, peak);
  const kinds = select("Traces", [], kind, (value) => {
    kind = value;
    redraw();
  });
  const window = checkbox("around the peaks", false, (checked) => {
    peak = checked;
    redraw();
  });
  const element = el(
    "div",
    { class: "dcv-traces", hidden: true },
    host,
    el("div", { class: "dcv-switches" }, kinds.element, window.element),
  );
  let width = 0;
  new ResizeObserver(() => {
    if (host.clientWidth !== width) {
      width = host.clientWidth;
      redraw();
    }
  }).observe(host);
  const show: Traces["show"] = (given, itsValues) => {
    [data, values] = [given, itsValues];
    const known = [...new Set((given?.traces ?? []).map(({ name }) => kindOf(name)))];
    element.hidden = known.length === 0;
    kind = known.includes(kind) ? kind : (known[0] ?? "raw");
    kinds.setOptions(
      known.map((one) => [one, one] as const),
      kind,
    );
    redraw();
  };
  return { element, show };
}

function kindOf(name: string): string {
  return name.split("_")[1] ?? name;
}

function draw(
  host: HTMLElement,
  data: EventData,
  values: ReadonlyMap<string, number>,
  kind: string,
  peak: boolean,
): void {
  const chosen = data.traces.filter(({ name }) => kindOf(name) === kind);
  const theme = readTheme(host);
  const rate = data.header.sample_rate;
  const times = Float64Array.from(chosen[0]?.values ?? [], (_, place) =>
    rate ? (place / rate) * MICRO : place,
  );
  const whole: [number, number] = [times[0] ?? 0, times[times.length - 1] ?? 1];
  const [low, high] = (peak && rate && window(chosen, values)) || whole;
  const axis = (label: string, space: number): uPlot.Axis => ({
    stroke: theme.ink,
    label,
    labelSize: 18,
    labelGap: 2,
    size: 26,
    labelFont: `12px ${theme.font}`,
    font: `11px ${theme.font}`,
    grid: { stroke: theme.line, width: 1 },
    ticks: { stroke: theme.line, width: 1, size: 4 },
    splits: (chart, side, from, to) => {
      const length = (side === 0 ? chart.bbox.width : chart.bbox.height) / devicePixelRatio;
      return linearTicks([from, to], Math.max(2, Math.floor(length / space)));
    },
    values: (_, splits) => tickTexts(splits),
  });
  host.replaceChildren();
  host.setAttribute(
    "aria-label",
    `Fluorescence traces (${kind}): ${chosen.map(({ name }) => name).join(", ")}; ` +
      `${number(low, 4)} to ${number(high, 4)}${rate ? " µs" : ""}`,
  );
  new uPlot(
    {
      width: Math.max(200, host.clientWidth),
      height: 180,
      padding: [8, 10, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: () => [low, high] } },
      axes: [
        axis(rate ? "Event time [µs]" : "Sample", 60),
        { ...axis("Fluorescence [a.u.]", 34), size: 52 },
      ],
      series: [
        {},
        ...chosen.map(({ name }) => ({
          label: name,
          stroke: COLOURS[name.slice(0, 3)] ?? theme.accent,
          width: 1.5,
        })),
      ],
    },
    [times, ...chosen.map((trace) => trace.values)],
    host,
  );
  host.append(legend(chosen));
}

function legend(chosen: readonly Trace[]): HTMLElement {
  const items = chosen.map(({ name }) =>
    el(
      "li",
      { class: `dcv-trace dcv-trace-${/^fl[123]/.test(name) ? name.slice(0, 3) : "other"}` },
      name.slice(0, 3).toUpperCase(),
    ),
  );
  return el("ul", { class: "dcv-legend" }, ...items);
}

/** From the first peak's beginning to the last one's end [µs], if positions and widths are known. */
export function window(
  chosen: readonly Trace[],
  values: ReadonlyMap<string, number>,
): [number, number] | null {
  const ends = chosen.flatMap(({ name }) => {
    const channel = name.slice(0, 3);
    const [place, width] = [values.get(`${channel}_pos`), values.get(`${channel}_width`)];
    return place !== undefined && width !== undefined && width > 0
      ? [place - 1.5 * width, place + 1.5 * width]
      : [];
  });
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return Number.isFinite(low) && low < high ? [low, high] : null;
}
