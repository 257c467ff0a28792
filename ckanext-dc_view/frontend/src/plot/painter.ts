// Brings the painted events onto the chart's canvas.

import { disc, flat, paint, palette, type Brush, type Points, type View } from "./points.ts";
import type { Theme } from "./theme.ts";

// Few events are large circles with a rim, many are small discs.
const FEW = 2000;

export class Painter {
  private readonly layer = document.createElement("canvas");
  private image: ImageData | null = null;

  /** Draw into the plot area of a canvas [px of the screen]. */
  draw(
    context: CanvasRenderingContext2D,
    area: { left: number; top: number; width: number; height: number },
    points: Points,
    view: View,
    theme: Theme,
  ): void {
    const { left, top, width, height } = area;
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      [this.layer.width, this.layer.height] = [width, height];
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    paint({ pixels, width, height }, points, view, brushes(points.order.length, theme));
    this.layer.getContext("2d")!.putImageData(this.image, 0, 0);
    context.drawImage(this.layer, left, top);
  }
}

function brushes(count: number, theme: Theme): Brush[] {
  const inks = palette(theme.noValue, theme.notChosen);
  if (count > FEW) {
    return [{ stamp: disc(3 * devicePixelRatio, true), inks }];
  }
  const size = 2 * radiusFor(count) * devicePixelRatio;
  return [
    { stamp: disc(size + 1.5 * devicePixelRatio, true), inks: flat(theme.rim, 150) },
    { stamp: disc(size, true), inks },
  ];
}

/** The fewer events, the larger [px]. */
function radiusFor(count: number): number {
  return count <= 100 ? 4.5 : count <= 1000 ? 3 : 2.2;
}
