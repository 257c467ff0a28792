// The scatter plot: uPlot draws axes and grid, the events are painted in between, and everything
// that follows the pointer lies on a canvas of its own.

import uPlot from "uplot";

import type { Range } from "../math/scale.ts";
import { axis } from "./axes.ts";
import { Painter } from "./painter.ts";
import type { Points, View } from "./points.ts";
import { readTheme, type Theme } from "./theme.ts";

export interface AxisLook {
  label: string;
  log: boolean;
}

/** Draws on the overlay, in pixels of the page. */
export type OverlayDrawer = (context: CanvasRenderingContext2D, plot: ScatterPlot) => void;

const FEW = 300;

const NOTHING: Points = {
  x: new Float64Array(),
  y: new Float64Array(),
  colour: new Uint16Array(),
  order: new Uint32Array(),
};

export class ScatterPlot {
  readonly chart: uPlot;
  theme: Theme;
  view: View = { x: [0, 1], y: [0, 1] };
  private points: Points = NOTHING;
  private looks: { x: AxisLook; y: AxisLook } = {
    x: { label: "", log: false },
    y: { label: "", log: false },
  };
  private readonly host: HTMLElement;
  private readonly styled: Element;
  private readonly overlay: HTMLCanvasElement;
  private readonly drawers: OverlayDrawer[] = [];
  private readonly painter = new Painter();
  private pending = 0;

  /** `styled` is an element of the page, by whose style the plot is drawn. */
  constructor(host: HTMLElement, styled: Element) {
    this.host = host;
    this.styled = styled;
    this.theme = readTheme(styled);
    this.chart = new uPlot(
      this.options(),
      [
        [0, 1],
        [null, null],
      ] as unknown as uPlot.AlignedData,
      host,
    );
    this.overlay = document.createElement("canvas");
    this.overlay.className = "dcv-overlay";
    this.chart.over.append(this.overlay);
    new ResizeObserver(() => this.resize()).observe(host);
    new MutationObserver(() => this.restyle()).observe(document.documentElement, {
      attributeFilter: ["data-bs-theme", "class"],
    });
  }

  /** The element over the plot area, for gestures. */
  get area(): HTMLElement {
    return this.chart.over;
  }

  setPoints(points: Points): void {
    this.points = points;
    this.draw();
  }

  setAxes(x: AxisLook, y: AxisLook): void {
    this.looks = { x, y };
    this.chart.axes[0]!.label = x.label;
    this.chart.axes[1]!.label = y.label;
    this.draw();
  }

  setView(view: View): void {
    this.view = view;
    this.draw();
  }

  addDrawer(drawer: OverlayDrawer): void {
    this.drawers.push(drawer);
  }

  /** Draw everything with the next frame. */
  draw(): void {
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      this.chart.batch(() => {
        this.chart.setScale("x", limits(this.view.x));
        this.chart.setScale("y", limits(this.view.y));
        this.chart.redraw(false, true);
      });
    });
  }

  /** Draw what follows the pointer. */
  drawOverlay(): void {
    const { width, height } = this.size();
    const ratio = devicePixelRatio;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.overlay.width !== w || this.overlay.height !== h) {
      this.overlay.width = w;
      this.overlay.height = h;
    }
    const context = this.overlay.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.drawers.forEach((drawer) => drawer(context, this));
  }

  /** Size of the plot area in pixels of the page. */
  size(): { width: number; height: number } {
    return {
      width: this.chart.bbox.width / devicePixelRatio,
      height: this.chart.bbox.height / devicePixelRatio,
    };
  }

  /** Place of transformed values in the plot area [px]. */
  toPixel(x: number, y: number): [number, number] {
    const { width, height } = this.size();
    const {
      x: [left, right],
      y: [low, high],
    } = this.view;
    return [((x - left) / (right - left)) * width, ((high - y) / (high - low)) * height];
  }

  /** Transformed values at a place in the plot area [px]. */
  toValue(px: number, py: number): [number, number] {
    const { width, height } = this.size();
    const {
      x: [left, right],
      y: [low, high],
    } = this.view;
    return [left + (px / width) * (right - left), high - (py / height) * (high - low)];
  }

  /** Transformed length of one pixel of the page along each axis. */
  perPixel(): [number, number] {
    const { width, height } = this.size();
    return [(this.view.x[1] - this.view.x[0]) / width, (this.view.y[1] - this.view.y[0]) / height];
  }

  /** Places of the events [px] if they are few, else none: nothing can keep clear of a cloud. */
  markers(): [number, number][] {
    const { x, y } = this.points;
    return x.length > FEW ? [] : Array.from(x, (value, row) => this.toPixel(value, y[row]!));
  }

  private drawPoints(): void {
    this.painter.draw(this.chart.ctx, this.chart.bbox, this.points, this.view, this.theme);
  }

  private restyle(): void {
    this.theme = readTheme(this.styled);
    this.draw();
  }

  private resize(): void {
    const wanted = measure(this.host);
    if (wanted.width !== this.chart.width || wanted.height !== this.chart.height) {
      this.chart.setSize(wanted);
    }
  }

  private options(): uPlot.Options {
    const scale = (key: "x" | "y"): uPlot.Scale => ({
      time: false,
      auto: false,
      range: () => limitPair(this.view[key]),
    });
    const looks = { theme: () => this.theme, isLog: (key: "x" | "y") => this.looks[key].log };
    return {
      ...measure(this.host),
      padding: [12, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: scale("x"), y: scale("y") },
      series: [{}, { show: false }],
      axes: [axis("x", this.theme.font, looks), axis("y", this.theme.font, looks)],
      hooks: { draw: [() => this.drawPoints(), () => this.drawOverlay()] },
    };
  }
}

function limits([min, max]: Range): { min: number; max: number } {
  return { min, max };
}

function limitPair([low, high]: Range): [number, number] {
  return [low, high];
}

/** Nearly square, but no higher than a screen shows together with the controls. */
function measure(host: HTMLElement): { width: number; height: number } {
  const width = Math.max(240, Math.floor(host.clientWidth));
  const most = Math.min(560, Math.max(380, 0.52 * innerHeight));
  return { width, height: Math.round(Math.min(most, Math.max(300, width * 0.82))) };
}
