// MD5 of a piece of a file, read in chunks; the same in a worker and on the page.

import { Md5 } from "./md5.ts";

/** A multiple of the block of MD5. */
const CHUNK = 4 * 2 ** 20;

export interface HashRequest {
  id: number;
  blob: Blob;
}

export type HashAnswer = { id: number; md5: string } | { id: number; error: string };

export async function md5Of(blob: Blob, stopped: () => boolean = () => false): Promise<string> {
  const md5 = new Md5();
  const read = (start: number) => blob.slice(start, start + CHUNK).arrayBuffer();
  let coming = read(0);
  for (let start = 0; start < blob.size; start += CHUNK) {
    const bytes = new Uint8Array(await coming);
    if (stopped()) {
      throw new DOMException("Not wanted any more", "AbortError");
    }
    coming = read(start + CHUNK);
    md5.update(bytes);
  }
  await coming;
  return md5.digest();
}

/** What the script does when it is started as a worker. */
export function serveHashes(): void {
  self.addEventListener("message", (event: MessageEvent<HashRequest>) => {
    const { id, blob } = event.data;
    md5Of(blob)
      .then((md5): HashAnswer => ({ id, md5 }))
      .catch((error: unknown): HashAnswer => ({ id, error: String(error) }))
      .then((answer) => self.postMessage(answer));
  });
}
