// Paints the events of a scatter plot into pixels: fast enough for every frame while one pans.

import { STEPS, type Rgb } from "../math/colour.ts";
import type { Range } from "../math/scale.ts";

/** What the axes show, in transformed values. */
export interface View {
  x: Range;
  y: Range;
}

export interface Points {
  /** Transformed values. */
  x: Float64Array;
  y: Float64Array;
  /** Colour per event: 0 … 255 of the scale, or one of the two below. */
  colour: Uint16Array;
  /** Events in the order in which they are painted. */
  order: Uint32Array;
}

/** Colour of an event that has no value, and of one outside of the selection. */
export const NO_VALUE = 256;
export const NOT_CHOSEN = 257;
const COLOURS = 258;

/** Colour per event from the steps of a scale (-1: no value) and the selection, if there is one. */
export function colours(steps: Int16Array, chosen: Uint8Array | null): Uint16Array {
  return Uint16Array.from(steps, (step, event) => {
    if (chosen && chosen[event] === 0) {
      return NOT_CHOSEN;
    }
    return step < 0 ? NO_VALUE : step;
  });
}

/** Events not chosen first, then those without value, then by colour: the densest on top. */
export function paintingOrder(colour: Uint16Array): Uint32Array {
  const starts = new Uint32Array(COLOURS + 1);
  const place = (value: number) => (value >= 256 ? COLOURS - 1 - value : value + 2);
  for (const value of colour) {
    starts[place(value) + 1]! += 1;
  }
  for (let bin = 0; bin < COLOURS; bin += 1) {
    starts[bin + 1]! += starts[bin]!;
  }
  const order = new Uint32Array(colour.length);
  for (let event = 0; event < colour.length; event += 1) {
    order[starts[place(colour[event]!)]!++] = event;
  }
  return order;
}

/** All colours as the 32-bit values of an image's pixels. */
export function palette(noValue: Rgb, notChosen: Rgb): Uint32Array {
  return Uint32Array.from([...STEPS, noValue, notChosen], (colour) => pixel(colour, 255));
}

/** One colour for all events, translucent. */
export function flat(colour: Rgb, opacity: number): Uint32Array {
  return new Uint32Array(COLOURS).fill(pixel(colour, opacity));
}

function pixel([red, green, blue]: Rgb, opacity: number): number {
  return ((opacity << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Pixels around an event and how much of each is covered (0 … 255). */
export interface Stamp {
  /** dx, dy, dx, dy, … */
  places: Int8Array;
  cover: Uint8Array;
  reach: number;
}

/** A filled circle; smooth at its edge, or of whole pixels. */
export function disc(diameter: number, smooth: boolean): Stamp {
  const radius = diameter / 2;
  const reach = Math.ceil(radius);
  const [places, cover]: [number[], number[]] = [[], []];
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const inside = radius - Math.hypot(dx, dy);
      const share = smooth ? Math.min(1, Math.max(0, inside + 0.5)) : Number(inside >= 0);
      if (share > 0) {
        places.push(dx, dy);
        cover.push(Math.round(255 * share));
      }
    }
  }
  return { places: Int8Array.from(places), cover: Uint8Array.from(cover), reach };
}

export interface Raster {
  pixels: Uint32Array;
  width: number;
  height: number;
}

/** A stamp in the colours of the events. */
export interface Brush {
  stamp: Stamp;
  inks: Uint32Array;
}

/** Paint all events that the view shows, each with all brushes. */
export function paint(raster: Raster, points: Points, view: View, brushes: readonly Brush[]): void {
  const { pixels, width, height } = raster;
  pixels.fill(0);
  const scaleX = width / (view.x[1] - view.x[0]);
  const scaleY = height / (view.y[1] - view.y[0]);
  const { x, y, colour, order } = points;
  const prepared = brushes.map((brush) => ({ ...brush, ...quick(brush.stamp, width) }));
  for (let turn = 0; turn < order.length; turn += 1) {
    const event = order[turn]!;
    const px = Math.floor((x[event]! - view.x[0]) * scaleX);
    const py = Math.floor((view.y[1] - y[event]!) * scaleY);
    for (const { stamp, inks, offsets, solid } of prepared) {
      const ink = inks[colour[event]!]!;
      const { reach } = stamp;
      if (solid && px >= reach && py >= reach && px < width - reach && py < height - reach) {
        const centre = px + width * py;
        for (let part = 0; part < offsets.length; part += 1) {
          pixels[centre + offsets[part]!] = ink;
        }
      } else if (px > -reach && py > -reach && px < width + reach && py < height + reach) {
        press(raster, stamp, px, py, ink);
      }
    }
  }
}

/** Stamps of whole pixels are written without a look at what is below. */
function quick({ places, cover }: Stamp, width: number): { offsets: Int32Array; solid: boolean } {
  const offsets = Int32Array.from(
    cover,
    (_, part) => places[2 * part]! + width * places[2 * part + 1]!,
  );
  return { offsets, solid: cover.every((share) => share === 255) };
}

/** A stamp with smooth edges, or one at the edge of the plot. */
function press(
  { pixels, width, height }: Raster,
  { places, cover }: Stamp,
  px: number,
  py: number,
  ink: number,
): void {
  for (let part = 0; part < cover.length; part += 1) {
    const [x, y] = [px + places[2 * part]!, py + places[2 * part + 1]!];
    if (x >= 0 && y >= 0 && x < width && y < height) {
      const at = x + width * y;
      pixels[at] = over(ink, cover[part]!, pixels[at]!);
    }
  }
}

/** A colour laid over another one; both may be translucent. */
export function over(ink: number, cover: number, below: number): number {
  const opacity = ((ink >>> 24) * cover) / 255;
  if (opacity >= 255) {
    return ink;
  }
  const rest = ((below >>> 24) * (255 - opacity)) / 255;
  const total = opacity + rest;
  const mix = (shift: number) =>
    Math.round(
      (((ink >>> shift) & 255) * opacity + ((below >>> shift) & 255) * rest) / (total || 1),
    );
  return ((Math.round(total) << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0)) >>> 0;
}

/** How many events the view does not show; those without finite values count separately. */
export function outside(
  x: Float64Array,
  y: Float64Array,
  view: View,
): { outside: number; missing: number } {
  let [out, missing] = [0, 0];
  for (let event = 0; event < x.length; event += 1) {
    const [px, py] = [x[event]!, y[event]!];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      missing += 1;
    } else if (px < view.x[0] || px > view.x[1] || py < view.y[0] || py > view.y[1]) {
      out += 1;
    }
  }
  return { outside: out, missing };
}
