// Is this the file that has begun to arrive? Found out by checksums before anything goes on.

import { combinedEtag } from "./md5.ts";
import type { Part } from "./parts.ts";

export interface Arrived {
  /** Of the whole file, if it is complete. */
  etag: string | null;
  /** What the store says of parts, by their place. */
  stored: ReadonlyMap<number, string>;
}

export interface Known {
  /** Checksums of parts, noted when they were sent. */
  etags: readonly (string | null)[];
  /** Whether the file has the modification time that it had then. */
  isUntouched: boolean;
}

type Hash = (part: Part) => Promise<string>;

/**
 * Checksums of the parts that have arrived; nothing if they are those of another file. If the file
 * was not touched since, its first part is enough; otherwise everything is compared.
 */
export async function compare(parts: readonly Part[], known: Known, arrived: Arrived, hash: Hash): Promise<(string | null)[] | null> {
  return arrived.etag === null ? compareParts(parts, known, arrived.stored, hash) : compareWhole(parts, known, arrived.etag, hash);
}

async function compareParts(parts: readonly Part[], known: Known, stored: ReadonlyMap<number, string>, hash: Hash) {
  const there = parts.filter((part) => stored.has(part.index));
  for (const part of known.isUntouched ? there.slice(0, 1) : there) {
    if ((await hash(part)) !== stored.get(part.index)) {
      return null;
    }
  }
  return parts.map((part) => stored.get(part.index) ?? null);
}

async function compareWhole(parts: readonly Part[], known: Known, etag: string, hash: Hash) {
  const [first] = parts;
  const noted = known.etags.map((one) => one ?? "");
  if (first && known.isUntouched && combinedEtag(noted) === etag) {
    return (await hash(first)) === noted[0] ? noted : null;
  }
  const all: string[] = [];
  for (const part of parts) {
    all.push(await hash(part));
  }
  return combinedEtag(all) === etag ? all : null;
}
