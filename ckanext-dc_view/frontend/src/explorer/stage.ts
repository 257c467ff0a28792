// The plot and what one does on it. It shows the reader's choice and changes it.

import { backward, forward, moved, zoomed, type Range } from "../math/scale.ts";
import { number, percent, whole } from "../math/format.ts";
import type { Point } from "../math/polygon.ts";
import { attachGestures, type Place, type Tool } from "../plot/gestures.ts";
import { loadLines, tablesFor, type IsoelasticLine } from "../plot/isoelastics.ts";
import { outside, type View } from "../plot/points.ts";
import { ScatterPlot } from "../plot/scatter.ts";
import type { Choice, Store } from "../state/store.ts";
import { debounce, el } from "../ui/dom.ts";
import { Drawing } from "./drawing.ts";
import { drawMarks } from "./overlays.ts";
import { colourScale, enclosed, plotted, points, type ColourScale, type Plotted } from "./plotdata.ts";
import { axisLabel, samplingNote, type Sample } from "./sample.ts";

const PICK_REACH = 14;
const KEEPS_DATA: ReadonlySet<keyof Choice> = new Set(["event", "xRange", "yRange"]);

export interface StageListener {
  chosen: (chosen: Uint8Array | null) => void;
  colours: (scale: ColourScale) => void;
  hovered: (row: number | null, at: Place | null) => void;
  drafted: () => void;
  viewed: () => void;
  failed: (error: unknown) => void;
  hint: (text: string) => void;
}

export class Stage {
  readonly element: HTMLElement;
  readonly plot: ScatterPlot;
  readonly drawing: Drawing;
  tool: Tool = "pan";
  shown: Plotted | null = null;
  chosen: Uint8Array | null = null;
  scale: ColourScale | null = null;
  lines: readonly IsoelasticLine[] = [];
  private readonly sample: Sample;
  private readonly store: Store<Choice>;
  private readonly listener: StageListener;
  private readonly status = el("p", { class: "dcv-status" });
  private hover: number | null = null;
  /** Values of an event that is not among the sampled ones. */
  private stranger: { event: number; values: ReadonlyMap<string, number> } | null = null;
  private turn = 0;

  constructor(sample: Sample, store: Store<Choice>, listener: StageListener, styled: Element) {
    this.sample = sample;
    this.store = store;
    this.listener = listener;
    const host = el("div", { class: "dcv-plot" });
    this.element = el("div", { class: "dcv-stage" }, host, this.status);
    this.plot = new ScatterPlot(host, styled);
    this.drawing = new Drawing(this.plot, store, () => {
      this.plot.drawOverlay();
      listener.drafted();
    });
    this.plot.addDrawer((context, plot) =>
      drawMarks(context, plot, store.get(), {
        lines: this.lines,
        draft: this.drawing.draft,
        focus: this.valuesOf(store.get().event),
        hover: this.hover === null ? null : this.valuesOfRow(this.hover),
      }),
    );
    this.listen();
    store.subscribe((choice, changed) => this.follow(choice, changed));
  }

  /** Load what the choice needs and draw it; the newest choice wins. */
  async refresh(): Promise<void> {
    const turn = ++this.turn;
    const choice = this.store.get();
    const shown = await plotted(this.sample, choice);
    const [scale, chosen, lines] = await Promise.all([
      colourScale(this.sample, choice, shown),
      choice.shape ? enclosed(this.sample, choice.shape) : null,
      this.isoelastics(choice),
    ]);
    if (turn !== this.turn) {
      return;
    }
    Object.assign(this, { shown, scale, chosen, lines });
    const [x, y] = [this.sample.feature(choice.x), this.sample.feature(choice.y)];
    this.plot.setAxes({ label: axisLabel(x), log: choice.xLog }, { label: axisLabel(y), log: choice.yLog });
    this.plot.setPoints(points(shown, scale, chosen));
    this.applyRanges(choice);
    this.describe(axisLabel(x), axisLabel(y));
    this.listener.chosen(chosen);
    this.listener.colours(scale);
  }

  zoom(factor: number, at?: Place): void {
    const { width, height } = this.plot.size();
    const [x, y] = this.plot.toValue(...(at ?? ([width / 2, height / 2] as const)));
    this.view({ x: zoomed(this.plot.view.x, factor, x), y: zoomed(this.plot.view.y, factor, y) });
  }

  pan(dx: number, dy: number): void {
    const [perX, perY] = this.plot.perPixel();
    this.view({ x: moved(this.plot.view.x, -dx * perX), y: moved(this.plot.view.y, dy * perY) });
  }

  reset(): void {
    this.store.set({ xRange: null, yRange: null });
  }

  /** Draw attention to a sampled event. */
  highlight(row: number | null): void {
    this.hover = row;
    this.plot.drawOverlay();
  }

  /** Tell where an event lies that is not among the sampled ones. */
  showStranger(event: number, values: ReadonlyMap<string, number>): void {
    this.stranger = { event, values };
    this.plot.drawOverlay();
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    this.drawing.cancel();
    this.plot.area.dataset["tool"] = tool;
  }

  private follow(choice: Readonly<Choice>, changed: ReadonlySet<keyof Choice>): void {
    if ([...changed].some((key) => !KEEPS_DATA.has(key))) {
      this.refresh().catch(this.listener.failed);
    } else if (changed.has("xRange") || changed.has("yRange")) {
      this.applyRanges(choice);
    } else {
      this.plot.drawOverlay();
    }
  }

  private applyRanges({ xRange, yRange, xLog, yLog }: Readonly<Choice>): void {
    if (this.shown) {
      this.show({ x: onAxis(xRange, xLog) ?? this.shown.usual.x, y: onAxis(yRange, yLog) ?? this.shown.usual.y });
    }
  }

  /** A view that the reader made by hand: shown at once, remembered a little later. */
  private view(view: View): void {
    this.show(view);
    this.remember();
  }

  private readonly remember = debounce(() => {
    const { xLog, yLog } = this.store.get();
    const values = ([low, high]: Range, log: boolean): Range => [backward(low, log), backward(high, log)];
    this.store.set({ xRange: values(this.plot.view.x, xLog), yRange: values(this.plot.view.y, yLog) });
  }, 250);

  private show(view: View): void {
    this.plot.setView(view);
    this.count();
    this.listener.viewed();
  }

  private count(): void {
    const { outside: out, missing } = outside(this.shown!.tx, this.shown!.ty, this.plot.view);
    const { header } = this.sample.bundle;
    const parts = [samplingNote(header.sampled, header.event_count, header.sampling)];
    parts.push(out ? `outside: ${whole(out)} (${percent(out, this.sample.size)})` : "outside: 0");
    if (missing) {
      parts.push(`without value on these axes: ${whole(missing)}`);
    }
    this.status.textContent = parts.join(" · ");
  }

  private describe(x: string, y: string): void {
    const size = whole(this.sample.size);
    const text = `Scatter plot of ${size} events: ${y} over ${x}. Left and right arrow keys show single events, plus and minus zoom, 0 resets.`;
    this.element.querySelector(".dcv-plot")!.setAttribute("aria-label", text);
  }

  private async isoelastics(choice: Readonly<Choice>): Promise<readonly IsoelasticLine[]> {
    const tables = tablesFor(this.sample.bundle.header.isoelastics.lines, choice.x, choice.y);
    const table = tables.find(({ lut }) => lut === choice.lut);
    return table ? loadLines(this.sample.bundle, table, choice) : [];
  }

  private valuesOf(event: number | null): Point | null {
    if (event === null) {
      return null;
    }
    const row = this.sample.rowOf(event);
    if (row >= 0) {
      return this.valuesOfRow(row);
    }
    const { x, y } = this.store.get();
    const found = this.stranger?.event === event ? this.stranger.values : null;
    return found ? [found.get(x) ?? Number.NaN, found.get(y) ?? Number.NaN] : null;
  }

  private valuesOfRow(row: number): Point | null {
    return this.shown ? [this.shown.x[row]!, this.shown.y[row]!] : null;
  }

  private listen(): void {
    attachGestures(this.plot.area, {
      tool: () => this.tool,
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, at) => this.zoom(factor, at),
      pick: (at) => this.pick(at),
      hover: (at) => this.point(at),
      box: (from, to, done) => (this.tool === "zoom" ? this.zoomInto(from, to, done) : this.drawing.box(from, to, done)),
      lasso: (line, done) => this.drawing.lasso(line, done),
      corner: (at) => this.drawing.corner(at),
      close: () => this.drawing.close(),
      wheelRefused: () => this.listener.hint("Click the plot, or hold Ctrl, to zoom with the wheel"),
    });
  }

  private zoomInto(from: Place, to: Place, done: boolean): void {
    this.drawing.box(from, to, false);
    if (done) {
      this.drawing.cancel();
      const [a, b] = [this.plot.toValue(...from), this.plot.toValue(...to)];
      this.view({ x: [Math.min(a[0], b[0]), Math.max(a[0], b[0])], y: [Math.min(a[1], b[1]), Math.max(a[1], b[1])] });
    }
  }

  private nearest(at: Place): number {
    const [x, y] = this.plot.toValue(...at);
    const [perX, perY] = this.plot.perPixel();
    return this.shown ? this.shown.grid.nearest(x, y, PICK_REACH * perX, PICK_REACH * perY) : -1;
  }

  private pick(at: Place): void {
    const row = this.nearest(at);
    if (row >= 0) {
      void this.sample.loadIndex().then((index) => this.store.set({ event: index[row]! }), this.listener.failed);
    }
  }

  private point(at: Place | null): void {
    const row = at && this.tool !== "polygon" ? this.nearest(at) : -1;
    if ((row < 0 ? null : row) !== this.hover) {
      this.highlight(row < 0 ? null : row);
    }
    this.listener.hovered(this.hover, at);
  }
}

function onAxis(range: Range | null, log: boolean): Range | null {
  const found = range && ([forward(range[0], log), forward(range[1], log)] as const);
  return found && found.every(Number.isFinite) && found[0] < found[1] ? found : null;
}

/** Number and values of an event, for the tool tip. */
export function coordinates(stage: Stage, sample: Sample, choice: Readonly<Choice>, row: number): string[] {
  const shown = stage.shown!;
  const line = (name: string, value: number) => {
    const { label, unit } = sample.feature(name);
    return `${label}: ${number(value)}${unit ? ` ${unit}` : ""}`;
  };
  const event = sample.index[row];
  const title = event === undefined ? [] : [`Event ${event}`];
  return [...title, line(choice.x, shown.x[row]!), line(choice.y, shown.y[row]!)];
}
