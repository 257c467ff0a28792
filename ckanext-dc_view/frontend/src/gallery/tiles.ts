// Thumbnails of events: from the bundle's sprite sheets where they are there, else from the site.

import { blockBytes, parseHeader } from "../bundle/container.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { Block, EventsHeader, ImageBlock, Sprites } from "../bundle/types.ts";
import { borders, extremes, toPixels, type Box, type Grey } from "../event/grey.ts";
import { decodeGrey } from "../event/load.ts";
import { getBytes, withQuery } from "../net/api.ts";

export interface Tile {
  sheet: Grey;
  mask: Grey | null;
  /** Where the content lies within the sheet. */
  box: Box;
}

export class TileSource {
  private readonly bundle: Bundle;
  private readonly batchUrl: string;
  private readonly known = new Map<number, () => Promise<Tile>>();

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
      const bytes = await getBytes(
        withQuery(this.batchUrl, { indices: missing.join(",") }),
        signal,
      );
      const { sprites } = parseHeader<EventsHeader>(bytes);
      this.register(sprites, (block) => Promise.resolve(blockBytes(bytes, block)));
    }
    const found = events.map(async (event) => [event, await this.known.get(event)?.()] as const);
    const settled = await Promise.allSettled(found);
    return new Map(
      settled.flatMap((one) =>
        one.status === "fulfilled" && one.value[1] ? [[one.value[0], one.value[1]] as const] : [],
      ),
    );
  }

  private register(sprites: Sprites, read: (block: Block) => Promise<ArrayBuffer>): void {
    for (const sheet of sprites.sheets) {
      const load = once(async () => {
        const decode = async (block: ImageBlock) => decodeGrey(await read(block), block.type);
        return Promise.all([decode(sheet.image), sheet.mask && decode(sheet.mask)]);
      });
      sheet.events.forEach((event, turn) => {
        const [, , width, height] = sheet.boxes[turn]!;
        const box: Box = [...sheet.places[turn]!, width, height];
        this.known.set(event, async () => {
          const [image, mask] = await load();
          return { sheet: image, mask, box };
        });
      });
    }
  }
}

/** Sheets are decoded when the first of their tiles is wanted. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load();
    loading.catch(() => (loading = null));
    return loading;
  };
}

/** Draw a thumbnail with stretched contrast, centred and as large as it fits. */
export function drawTile(
  canvas: HTMLCanvasElement,
  { sheet, mask, box }: Tile,
  contour: boolean,
): void {
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const [, , width, height] = box;
  const scale = Math.min(canvas.width / width, canvas.height / height);
  const [left, top] = [(canvas.width - width * scale) / 2, (canvas.height - height * scale) / 2];
  context.drawImage(bitmap(sheet, box), left, top, width * scale, height * scale);
  if (contour && mask) {
    const lines = borders(mask, box);
    context.beginPath();
    for (let at = 0; at < lines.length; at += 4) {
      context.moveTo(left + lines[at]! * scale, top + lines[at + 1]! * scale);
      context.lineTo(left + lines[at + 2]! * scale, top + lines[at + 3]! * scale);
    }
    context.strokeStyle = "#ff3b30";
    context.lineWidth = 1.5;
    context.stroke();
  }
}

function bitmap(sheet: Grey, box: Box): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [box[2], box[3]];
  const pixels = new ImageData(toPixels(sheet, box, extremes(sheet, box)), box[2], box[3]);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
}
