// The axes of the scatter plot: labels of dclab, ticks of our own, linear and logarithmic.

import type uPlot from "uplot";

import { number } from "../math/format.ts";
import { linearTicks, logTicks, tickTexts } from "../math/scale.ts";
import type { Theme } from "./theme.ts";

/** Asked with every drawing: both may change. */
export interface Looks {
  theme: () => Theme;
  isLog: (key: "x" | "y") => boolean;
}

/** Room for one tick along the axis [px]. */
const SPACE = { x: 70, y: 44 };

export function axis(key: "x" | "y", font: string, looks: Looks): uPlot.Axis {
  const line = { stroke: () => looks.theme().line, width: 1 };
  return {
    scale: key,
    stroke: () => looks.theme().ink,
    font: `12px ${font}`,
    // Replaced when the features are known; without one there would be no room for it.
    label: " ",
    labelFont: `600 13px ${font}`,
    labelSize: 26,
    labelGap: 4,
    size: key === "x" ? 30 : (_chart, values) => widthOf(values),
    grid: line,
    ticks: { ...line, size: 6 },
    splits: (chart, _axis, low, high) => {
      const length = (key === "x" ? chart.bbox.width : chart.bbox.height) / devicePixelRatio;
      const wanted = Math.max(2, Math.floor(length / SPACE[key]));
      return looks.isLog(key) ? logTicks([low, high], wanted) : linearTicks([low, high], wanted);
    },
    values: (_chart, splits) =>
      looks.isLog(key) ? splits.map((place) => number(10 ** place, 3)) : tickTexts(splits),
  };
}

/** Room for the texts of ticks beside the plot [px]. */
function widthOf(texts: readonly string[] | null): number {
  return 14 + 7 * Math.max(3, ...(texts ?? []).map((text) => text.length));
}
