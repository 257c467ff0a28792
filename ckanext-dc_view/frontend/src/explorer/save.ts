// The plot as a file: picture, drawing, values.

import { csv } from "../math/csv.ts";
import { exactSingle, machine } from "../math/format.ts";
import type { ScatterPlot } from "../plot/scatter.ts";
import { svgPlot } from "../plot/svg.ts";
import type { Choice } from "../state/store.ts";
import { download } from "../ui/dom.ts";
import { shapeOnAxes } from "./overlays.ts";
import type { Stage } from "./stage.ts";
import { axisLabel, type Sample } from "./sample.ts";

export type Kind = "png" | "svg" | "csv";

/** Hand the plot to the reader; `name` is that of the file without suffix. */
export async function save(
  kind: Kind,
  stage: Stage,
  sample: Sample,
  choice: Readonly<Choice>,
  name: string,
): Promise<void> {
  if (kind === "png") {
    savePicture(stage.plot, name);
  } else if (kind === "svg") {
    saveDrawing(stage, sample, choice, name);
  } else {
    await saveValues(stage, sample, choice, name);
  }
}

/** The picture on the screen, with overlays, on the page's ground. */
function savePicture(plot: ScatterPlot, name: string): void {
  const source = plot.chart.ctx.canvas;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [source.width, source.height];
  const context = canvas.getContext("2d")!;
  context.fillStyle = plot.theme.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0);
  const { left, top, width, height } = plot.chart.bbox;
  const overlay = plot.area.querySelector("canvas");
  if (overlay) {
    context.drawImage(overlay, left, top, width, height);
  }
  canvas.toBlob((blob) => blob && download(`${name}.png`, blob), "image/png");
}

/** The plot as lines and circles, for figures. */
function saveDrawing(stage: Stage, sample: Sample, choice: Readonly<Choice>, name: string): void {
  const { plot, shown, scale } = stage;
  if (!shown || !scale) {
    return;
  }
  const drawing = svgPlot({
    x: { label: axisLabel(sample.feature(choice.x)), log: choice.xLog, range: plot.view.x },
    y: { label: axisLabel(sample.feature(choice.y)), log: choice.yLog, range: plot.view.y },
    points: { x: shown.tx, y: shown.ty, steps: scale.steps, chosen: stage.chosen },
    lines: stage.lines,
    polygon: choice.shape && shapeOnAxes(choice.shape, choice),
    title: name,
  });
  download(`${name}.svg`, drawing, "image/svg+xml");
}

/** Values of the axes and the colour for the events shown; only the selected ones if there are any. */
async function saveValues(
  stage: Stage,
  sample: Sample,
  choice: Readonly<Choice>,
  name: string,
): Promise<void> {
  const names = [...new Set([choice.x, choice.y, choice.colour])].filter((one) =>
    sample.bundle.feature(one),
  );
  await sample.loadIndex();
  const columns = await Promise.all(names.map((one) => sample.bundle.column(one)));
  const texts = names.map((one) => (sample.feature(one).dtype === "<f4" ? exactSingle : machine));
  const rows = Array.from(sample.index.keys()).filter(
    (row) => !stage.chosen || stage.chosen[row] !== 0,
  );
  const body = rows.map((row) => [
    String(sample.index[row]),
    ...columns.map((values, column) => texts[column]!(values[row]!)),
  ]);
  const head = ["event", ...names.map((one) => axisLabel(sample.feature(one)))];
  download(`${name}.csv`, csv([head, ...body]), "text/csv;charset=utf-8");
}
