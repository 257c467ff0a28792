// The plot as the reader has chosen it: loads what it needs, draws it, and remembers the view.

import { backward, forward, moved, zoomed, type Range } from "../math/scale.ts";
import type { Place, Tool } from "../plot/gestures.ts";
import { loadLines, tablesFor, type IsoelasticLine } from "../plot/isoelastics.ts";
import type { View } from "../plot/points.ts";
import { ScatterPlot } from "../plot/scatter.ts";
import type { Choice, Store } from "../state/store.ts";
import { debounce, el } from "../ui/dom.ts";
import { Drawing } from "./drawing.ts";
import { drawMarks } from "./overlays.ts";
import { Places } from "./places.ts";
import {
  colourScale,
  enclosed,
  plotted,
  points,
  type ColourScale,
  type Plotted,
} from "./plotdata.ts";
import { axisLabel, type Sample } from "./sample.ts";
import { isoelasticsText, plotLabel, statusText } from "./words.ts";

/** Changes of these need no other data. */
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
  /** Has the focus while the plot is used with keys. */
  readonly host = el("div", { class: "dcv-plot", tabindex: "0", role: "application" });
  readonly plot: ScatterPlot;
  readonly drawing: Drawing;
  readonly places: Places;
  tool: Tool = "pan";
  shown: Plotted | null = null;
  chosen: Uint8Array | null = null;
  scale: ColourScale | null = null;
  lines: readonly IsoelasticLine[] = [];
  private readonly sample: Sample;
  private readonly store: Store<Choice>;
  private readonly listener: StageListener;
  private readonly status = el("p", { class: "dcv-status" });
  private readonly aboutLines = el("p", { class: "dcv-hint dcv-about-lines" });
  private readonly said = el("span", { class: "dcv-unseen", role: "status" });
  private turn = 0;

  /** `styled` is an element of the page, by whose style the plot is drawn. */
  constructor(sample: Sample, store: Store<Choice>, listener: StageListener, styled: Element) {
    this.sample = sample;
    this.store = store;
    this.listener = listener;
    this.element = el("div", { class: "dcv-stage" }, this.host);
    this.element.append(this.status, this.aboutLines, this.said);
    this.plot = new ScatterPlot(this.host, styled);
    this.places = new Places(sample, store, () => this.shown);
    this.drawing = new Drawing(this.plot, store, () => {
      this.plot.drawOverlay();
      listener.drafted();
    });
    this.plot.addDrawer((context, plot) => {
      const { lines, drawing, places } = this;
      const marks = { lines, draft: drawing.draft, focus: places.focus(), hover: places.hover() };
      drawMarks(context, plot, store.get(), marks);
    });
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
    if (turn === this.turn) {
      Object.assign(this, { shown, scale, chosen, lines });
      this.present(choice, shown, scale);
    }
  }

  zoom(factor: number, at?: Place): void {
    const { width, height } = this.plot.size();
    const [x, y] = this.plot.toValue(...(at ?? ([width / 2, height / 2] as const)));
    const { view } = this.plot;
    this.setView({ x: zoomed(view.x, factor, x), y: zoomed(view.y, factor, y) });
  }

  pan(dx: number, dy: number): void {
    const [perX, perY] = this.plot.perPixel();
    const { view } = this.plot;
    this.setView({ x: moved(view.x, -dx * perX), y: moved(view.y, dy * perY) });
  }

  /** A view that the reader made by hand: shown at once, remembered a little later. */
  setView(view: View): void {
    this.show(view);
    this.remember(this.store.get());
  }

  reset(): void {
    this.store.set({ xRange: null, yRange: null });
  }

  /** Draw attention to a sampled event. */
  highlight(row: number | null): void {
    this.places.row = row;
    this.plot.drawOverlay();
  }

  /** Tell where an event lies that is perhaps not among the sampled ones. */
  showEvent(event: number, values: ReadonlyMap<string, number>): void {
    this.places.remember(event, values);
    this.plot.drawOverlay();
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    this.drawing.cancel();
    this.plot.area.dataset["tool"] = tool;
  }

  private present(choice: Readonly<Choice>, shown: Plotted, scale: ColourScale): void {
    const [x, y] = [choice.x, choice.y].map((name) => axisLabel(this.sample.feature(name))) as [
      string,
      string,
    ];
    this.plot.setAxes({ label: x, log: choice.xLog }, { label: y, log: choice.yLog });
    this.plot.setPoints(points(shown, scale, this.chosen));
    this.applyRanges(choice);
    this.host.setAttribute("aria-label", plotLabel(this.sample.size, x, y));
    this.listener.chosen(this.chosen);
    this.listener.colours(scale);
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
      const { x, y } = this.shown.usual;
      this.show({ x: onAxis(xRange, xLog) ?? x, y: onAxis(yRange, yLog) ?? y });
    }
  }

  private readonly remember = debounce((then: Readonly<Choice>) => {
    const { x, y, xLog, yLog } = this.store.get();
    if (x === then.x && y === then.y && xLog === then.xLog && yLog === then.yLog) {
      const { view } = this.plot;
      this.store.set({ xRange: values(view.x, xLog), yRange: values(view.y, yLog) });
    }
  }, 250);

  /** Screen readers are told the counts when the plot has come to rest. */
  private readonly announce = debounce(() => {
    this.said.textContent = this.status.textContent;
  }, 1000);

  private show(view: View): void {
    this.plot.setView(view);
    this.status.textContent = statusText(this.sample, this.shown!, view);
    this.announce();
    this.aboutLines.textContent = isoelasticsText(this.lines, this.store.get(), view);
    this.aboutLines.hidden = this.aboutLines.textContent === "";
    this.listener.viewed();
  }

  private async isoelastics(choice: Readonly<Choice>): Promise<readonly IsoelasticLine[]> {
    const tables = tablesFor(this.sample.bundle.header.isoelastics.lines, choice.x, choice.y);
    const table = tables.find(({ lut }) => lut === choice.lut);
    return table ? loadLines(this.sample.bundle, table, choice) : [];
  }
}

function onAxis(range: Range | null, log: boolean): Range | null {
  const found = range && ([forward(range[0], log), forward(range[1], log)] as const);
  return found && found.every(Number.isFinite) && found[0] < found[1] ? found : null;
}

/** Limits of an axis in the feature's own values. */
export function values([low, high]: Range, log: boolean): Range {
  return [backward(low, log), backward(high, log)];
}
