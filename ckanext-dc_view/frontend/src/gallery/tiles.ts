// Thumbnails of events: from the bundle's sprite sheets where they are there, else from the site.

import { blockBytes, parseHeader } from "../bundle/container.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { Block, EventsHeader, Sprites } from "../bundle/types.ts";
import { decodePicture } from "../event/load.ts";
import { rim } from "../event/grey.ts";
import { getBytes, withQuery } from "../net/api.ts";

export interface Tile {
  sheet: ImageBitmap;
  mask: ImageBitmap | null;
  /** Where the content begins within the sheet, and its size [px]. */
  place: readonly [number, number];
  size: readonly [number, number];
}

export class TileSource {
  private readonly bundle: Bundle;
  private readonly batchUrl: string;
  private readonly known = new Map<number, Promise<Tile>>();

  constructor(bundle: Bundle, batchUrl: string) {
    this.bundle = bundle;
    this.batchUrl = batchUrl;
    this.register(bundle.header.sprites, (block) => bundle.bytes(block));
  }

  /** Events that the bundle has thumbnails of. */
  get overview(): number[] {
    return this.bundle.header.sprites.sheets.flatMap(({ events }) => events);
  }

  /** Load the thumbnails of some events; what cannot be had is missing in the answer. */
  async load(events: readonly number[], signal: AbortSignal): Promise<Map<number, Tile>> {
    const missing = events.filter((event) => !this.known.has(event));
    if (missing.length) {
      const bytes = await getBytes(withQuery(this.batchUrl, { indices: missing.join(",") }), signal);
      const { sprites } = parseHeader<EventsHeader>(bytes);
      this.register(renamed(sprites, missing), (block) => Promise.resolve(blockBytes(bytes, block)));
    }
    const found = events.map(async (event) => [event, await this.known.get(event)] as const);
    const settled = await Promise.allSettled(found);
    return new Map(
      settled.flatMap((one) => (one.status === "fulfilled" && one.value[1] ? [[one.value[0], one.value[1]] as const] : [])),
    );
  }

  private register(sprites: Sprites, read: (block: Block) => Promise<ArrayBuffer>): void {
    for (const sheet of sprites.sheets) {
      let pictures: Promise<[ImageBitmap, ImageBitmap | null]> | null = null;
      const load = async () => {
        const mask = sheet.mask;
        return Promise.all([
          read(sheet.image).then((bytes) => decodePicture(bytes, sheet.image.type)),
          mask ? read(mask).then((bytes) => decodePicture(bytes, mask.type)) : null,
        ]);
      };
      sheet.events.forEach((event, turn) => {
        const [, , width, height] = sheet.boxes[turn]!;
        this.known.set(event, {
          // Loaded when the first tile of the sheet is asked for.
          then: (...handlers: Parameters<Promise<Tile>["then"]>) => {
            pictures ??= load();
            return pictures
              .then(([image, mask]) => ({ sheet: image, mask, place: sheet.places[turn]!, size: [width, height] as const }))
              .then(...handlers);
          },
        } as unknown as Promise<Tile>);
      });
    }
  }
}

/** Images may lie in another measurement, where events have other numbers: the order is what was asked. */
function renamed(sprites: Sprites, asked: readonly number[]): Sprites {
  const count = sprites.sheets.reduce((sum, { events }) => sum + events.length, 0);
  if (count !== asked.length) {
    return sprites;
  }
  let start = 0;
  const sheets = sprites.sheets.map((sheet) => {
    const events = asked.slice(start, start + sheet.events.length);
    start += events.length;
    return { ...sheet, events };
  });
  return { ...sprites, sheets };
}

/** Draw a thumbnail, centred and as large as it fits. */
export function drawTile(canvas: HTMLCanvasElement, tile: Tile, contour: boolean): void {
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const [width, height] = tile.size;
  const scale = Math.min(canvas.width / width, canvas.height / height);
  const [w, h] = [width * scale, height * scale];
  const target = [(canvas.width - w) / 2, (canvas.height - h) / 2, w, h] as const;
  context.drawImage(tile.sheet, ...tile.place, width, height, ...target);
  if (contour && tile.mask) {
    context.drawImage(rimOf(tile), ...target);
  }
}

function rimOf(tile: Tile): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const [width, height] = tile.size;
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(tile.mask!, ...tile.place, width, height, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  const values = Float32Array.from({ length: width * height }, (_, place) => (pixels.data[4 * place]! > 127 ? 1 : 0));
  const edge = rim({ width, height, values });
  edge.forEach((inside, place) => pixels.data.set([255, 59, 48, inside ? 255 : 0], 4 * place));
  context.putImageData(pixels, 0, 0);
  return canvas;
}
