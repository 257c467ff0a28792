// A container made in the test itself, so that reader and writer cannot be wrong in the same way.

const PREFIX = 16;

/** A container with one block: `header` is told where the block lies. */
export function container(header: (offset: number) => object, block: Uint8Array): ArrayBuffer {
  let length = 0;
  for (let needed = 8; needed !== length;) {
    length = needed;
    const text = new TextEncoder().encode(JSON.stringify(header(PREFIX + length)));
    needed = Math.ceil(text.length / 8) * 8;
  }
  const bytes = new Uint8Array(PREFIX + length + block.length).fill(32);
  bytes.set(new TextEncoder().encode("DCORVIEW"));
  new DataView(bytes.buffer).setUint32(8, 1, true);
  new DataView(bytes.buffer).setUint32(12, length, true);
  bytes.set(new TextEncoder().encode(JSON.stringify(header(PREFIX + length))), PREFIX);
  bytes.set(block, PREFIX + length);
  return bytes.buffer;
}

export function bytesOf(values: Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer);
}
