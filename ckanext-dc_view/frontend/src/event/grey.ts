// Grey-scale images and masks as plain numbers: what the event panel computes from them.

export interface Grey {
  width: number;
  height: number;
  /** Row by row. */
  values: Float32Array;
}

/** x, y, width, height [px]. */
export type Box = readonly [number, number, number, number];

/** The image without what is always there: image − background + mean of the background. */
export function corrected(image: Grey, background: Grey): Grey {
  if (image.values.length !== background.values.length) {
    return image;
  }
  const mean = background.values.reduce((sum, value) => sum + value, 0) / background.values.length;
  return {
    ...image,
    values: image.values.map((value, place) => value - background.values[place]! + mean),
  };
}

/** Smallest and largest value within a box. */
export function extremes(image: Grey, box: Box): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  forEachPixel(image, box, (value) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  return low <= high ? [low, high] : [0, 255];
}

/** Borders between the pixels inside and outside of a mask, within a box: x, y, x, y per line [px]. */
export function borders(mask: Grey, [left, top, width, height]: Box): number[] {
  const is = (x: number, y: number) =>
    x >= 0 &&
    y >= 0 &&
    x < width &&
    y < height &&
    mask.values[left + x + mask.width * (top + y)]! > 127;
  const found: number[] = [];
  for (let y = 0; y <= height; y += 1) {
    for (let x = 0; x <= width; x += 1) {
      const here = is(x, y);
      if (here !== is(x - 1, y)) {
        found.push(x, y, x, y + 1);
      }
      if (here !== is(x, y - 1)) {
        found.push(x, y, x + 1, y);
      }
    }
  }
  return found;
}

/** Box around a mask with a margin; null if the mask is empty. */
export function boundingBox(mask: Grey, margin: number): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  mask.values.forEach((value, place) => {
    if (value > 0) {
      const [x, y] = [place % mask.width, Math.floor(place / mask.width)];
      [left, right, top, bottom] = [
        Math.min(left, x),
        Math.max(right, x),
        Math.min(top, y),
        Math.max(bottom, y),
      ];
    }
  });
  if (right < 0) {
    return null;
  }
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return [
    x,
    y,
    Math.min(mask.width, right + margin + 1) - x,
    Math.min(mask.height, bottom + margin + 1) - y,
  ];
}

/** Pixels of a box as red, green, blue and opacity; grey values from `low` to `high` become 0 to 255. */
export function toPixels(
  image: Grey,
  box: Box,
  [low, high]: readonly [number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * box[2] * box[3]);
  const scale = high > low ? 255 / (high - low) : 1;
  let place = 0;
  forEachPixel(image, box, (value) => {
    const grey = (value - low) * scale;
    pixels.set([grey, grey, grey, 255], place);
    place += 4;
  });
  return pixels;
}

export function wholeBox({ width, height }: { width: number; height: number }): Box {
  return [0, 0, width, height];
}

function forEachPixel(
  image: Grey,
  [left, top, width, height]: Box,
  visit: (value: number) => void,
): void {
  for (let y = top; y < top + height; y += 1) {
    for (let x = left; x < left + width; x += 1) {
      visit(image.values[x + image.width * y]!);
    }
  }
}
