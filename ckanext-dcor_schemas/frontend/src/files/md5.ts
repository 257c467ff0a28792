// MD5 (RFC 1321) of bytes that arrive in pieces: what object stores use as ETag of a part.

const BLOCK = 64;
const SHIFTS = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

export class Md5 {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  readonly #words = new Int32Array(BLOCK / 4);
  #length = 0;

  /** Take the next bytes; all pieces but the last one have a multiple of 64 bytes. */
  update(piece: Uint8Array): void {
    if (this.#length % BLOCK) {
      throw new Error("Only the last piece may be cut anywhere.");
    }
    this.#length += piece.length;
    const whole = piece.length - (piece.length % BLOCK);
    this.#blocks(piece, 0, whole);
    if (whole < piece.length) {
      this.#finish(piece.subarray(whole));
    }
  }

  /** Hexadecimal digest; to be called once, at the end. */
  digest(): string {
    if (this.#length % BLOCK === 0) {
      this.#finish(new Uint8Array());
    }
    return hex(new Uint8Array(this.#state.buffer));
  }

  #finish(rest: Uint8Array): void {
    const padded = new Uint8Array(rest.length < BLOCK - 8 ? BLOCK : 2 * BLOCK);
    padded.set(rest);
    padded[rest.length] = 0x80;
    new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(this.#length) * 8n, true);
    this.#blocks(padded, 0, padded.length);
  }

  #blocks(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const words = this.#words;
    for (let at = start; at < end; at += BLOCK) {
      for (let i = 0; i < 16; i++) {
        words[i] = view.getInt32(at + 4 * i, true);
      }
      mix(this.#state, words);
    }
  }
}

/** One block of 16 words. */
function mix(state: Int32Array, words: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    let f: number;
    let at: number;
    if (round === 0) {
      f = d ^ (b & (c ^ d));
      at = i;
    } else if (round === 1) {
      f = c ^ (d & (b ^ c));
      at = (5 * i + 1) & 15;
    } else if (round === 2) {
      f = b ^ c ^ d;
      at = (3 * i + 5) & 15;
    } else {
      f = c ^ (b | ~d);
      at = (7 * i) & 15;
    }
    const sum = (a + f + SINES[i]! + words[at]!) | 0;
    const shift = SHIFTS[(round << 2) | (i & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** ETag of an object that parts with these ETags make. */
export function combinedEtag(etags: readonly string[]): string {
  if (etags.length === 1) {
    return etags[0] ?? "";
  }
  const digests = etags.flatMap((etag) => (etag.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
  const md5 = new Md5();
  md5.update(Uint8Array.from(digests));
  return `${md5.digest()}-${etags.length}`;
}
