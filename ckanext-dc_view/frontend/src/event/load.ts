// One event of the measurement, sampled or not: its image, background, mask, traces and values.

import { arrayOf, blockBytes, parseHeader } from "../bundle/container.ts";
import type { EventHeader, EventValues, ImageBlock } from "../bundle/types.ts";
import { getBytes, getJson } from "../net/api.ts";
import type { Grey } from "./grey.ts";

export interface Trace {
  name: string;
  values: Float64Array;
}

export interface EventData {
  /** Original index. */
  event: number;
  header: EventHeader;
  image: Grey | null;
  background: Grey | null;
  mask: Grey | null;
  traces: Trace[];
}

/** Pictures and traces; `template` is the address of the endpoint with `{index}` in it. */
export async function loadEvent(
  template: string,
  index: number,
  signal: AbortSignal,
): Promise<EventData> {
  const bytes = await getBytes(`${at(template, index)}.bin`, signal);
  const header = parseHeader<EventHeader>(bytes);
  const part = async (block: ImageBlock | null) =>
    block ? decodeGrey(blockBytes(bytes, block), block.type) : null;
  const [image, background, mask] = await Promise.all([
    part(header.image),
    part(header.background),
    part(header.mask),
  ]);
  const traces = header.traces.map((trace) => ({
    name: trace.name,
    values: arrayOf(bytes, trace),
  }));
  return { event: index, header, image, background, mask, traces };
}

/** All scalar values of an event that the overview does not hold. */
export async function loadValues(
  template: string,
  index: number,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const { values } = await getJson<EventValues>(`${at(template, index)}.json`, signal);
  return new Map(Object.entries(values).map(([name, value]) => [name, value ?? Number.NaN]));
}

function at(template: string, index: number): string {
  return template.replace("{index}", String(index));
}

/** Decode a grey picture without any change of its values. */
export async function decodeGrey(bytes: ArrayBuffer, type: string): Promise<Grey> {
  const blob = new Blob([bytes], { type });
  const picture = await createImageBitmap(blob, {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const { width, height } = picture;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0);
  picture.close();
  const pixels = context.getImageData(0, 0, width, height).data;
  const values = new Float32Array(width * height);
  for (let place = 0; place < values.length; place += 1) {
    values[place] = pixels[4 * place]!;
  }
  return { width, height, values };
}
