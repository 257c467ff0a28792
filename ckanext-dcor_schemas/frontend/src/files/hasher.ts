// Checksums computed beside the page, so that it stays alive; on the page itself where the
// browser starts no worker.

import { md5Of, type HashAnswer } from "./hashing.ts";

export type Hasher = (blob: Blob, signal: AbortSignal) => Promise<string>;

/** The file cannot be read: it was moved, changed or its medium is gone. */
export class UnreadableError extends Error {}

/** @param script - address of this very script, which is the worker's as well. */
export function hasher(script: string | null): Hasher {
  return async (blob, signal) => {
    const worker = start(script);
    try {
      return await (worker ? inWorker(worker, blob, signal) : onPage(blob, signal));
    } finally {
      worker?.terminate();
    }
  };
}

function start(script: string | null): Worker | null {
  try {
    return script ? new Worker(script) : null;
  } catch {
    return null;
  }
}

function inWorker(worker: Worker, blob: Blob, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("Stopped", "AbortError")), { once: true });
    worker.addEventListener("message", (event: MessageEvent<HashAnswer>) => {
      if ("md5" in event.data) {
        resolve(event.data.md5);
      } else {
        reject(new UnreadableError(event.data.error));
      }
    });
    // A worker that the browser refuses says so by an error event.
    worker.addEventListener("error", () => onPage(blob, signal).then(resolve, reject));
    worker.postMessage({ id: 1, blob });
  });
}

async function onPage(blob: Blob, signal: AbortSignal): Promise<string> {
  try {
    return await md5Of(blob, () => signal.aborted);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new UnreadableError(String(error));
  }
}
