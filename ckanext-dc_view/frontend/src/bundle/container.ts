// The container of docs/decisions/0010: magic, version, JSON header, blocks of typed values.

import type { ArrayBlock, Block, DType } from "./types.ts";

const MAGIC = "DCORVIEW";
const VERSION = 1;
const PREFIX = 16;

/** The bytes are no container, or one of a later format. */
export class UnknownContainerError extends Error {}

/** More bytes are needed, or a block leaves the file. */
export class TruncatedContainerError extends Error {}

const MAKERS: Record<DType, (bytes: ArrayBuffer) => ArrayLike<number>> = {
  "<f4": (bytes) => new Float32Array(bytes),
  "<f8": (bytes) => new Float64Array(bytes),
  "<u1": (bytes) => new Uint8Array(bytes),
  "<u2": (bytes) => new Uint16Array(bytes),
  "<u4": (bytes) => new Uint32Array(bytes),
  "<i2": (bytes) => new Int16Array(bytes),
};

/** Parse the header at the beginning of a container. */
export function parseHeader<T>(bytes: ArrayBuffer): T {
  if (bytes.byteLength < PREFIX) {
    throw new TruncatedContainerError("The overview is shorter than its first 16 bytes.");
  }
  const magic = new TextDecoder("latin1").decode(new Uint8Array(bytes, 0, 8));
  const view = new DataView(bytes);
  const version = view.getUint32(8, true);
  if (magic !== MAGIC || version !== VERSION) {
    throw new UnknownContainerError(
      "The overview has a format that this page does not know. Reload the page.",
    );
  }
  const length = view.getUint32(12, true);
  if (bytes.byteLength < PREFIX + length) {
    throw new TruncatedContainerError("The header of the overview is not complete.");
  }
  const text = new TextDecoder("utf-8", { fatal: true }).decode(
    new Uint8Array(bytes, PREFIX, length),
  );
  return JSON.parse(text) as T;
}

/** The bytes of a block; `bytes` begins at byte `start` of the container. */
export function blockBytes(bytes: ArrayBuffer, block: Block, start = 0): ArrayBuffer {
  const begin = block.offset - start;
  if (!(begin >= 0 && block.length >= 0 && begin + block.length <= bytes.byteLength)) {
    throw new TruncatedContainerError("A part of the overview lies outside of the file.");
  }
  return bytes.slice(begin, begin + block.length);
}

/** Values of an array as doubles; NaN and infinities are kept. */
export function decodeArray(bytes: ArrayBuffer, dtype: DType): Float64Array {
  const maker = MAKERS[dtype];
  if (!maker) {
    throw new UnknownContainerError(
      `The overview has values of an unknown kind (${String(dtype)}).`,
    );
  }
  return Float64Array.from(maker(bytes));
}

/** The values of an array block of a container that is completely there. */
export function arrayOf(bytes: ArrayBuffer, block: ArrayBlock): Float64Array {
  return decodeArray(blockBytes(bytes, block), block.dtype);
}
