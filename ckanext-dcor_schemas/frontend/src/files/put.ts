// Bytes on their way to the object store, with progress; `fetch` cannot tell how far it is.

/** `expired`: a new URL may help. `damaged`: the store has got other bytes than were sent. */
export type Trouble = "unreachable" | "expired" | "refused" | "damaged";

const TEXTS: Record<Trouble, string> = {
  unreachable: "The object store cannot be reached.",
  expired: "The object store does not take this file any more. Please try again.",
  refused: "The object store refuses this file at the moment.",
  damaged: "The file arrives damaged. Is it being written at the moment?",
};

export class TransferError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(TEXTS[trouble]);
    this.trouble = trouble;
  }
}

/** Milliseconds without any progress after which a connection counts as lost. */
const SILENCE = 120_000;

/** ETag of the bytes that arrived, without quotes. */
export function put(url: string, bytes: Blob, progress: (sent: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watchdog: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => request.abort(), SILENCE);
    };
    const stop = () => request.abort();
    const end = (settle: () => void) => () => {
      clearTimeout(watchdog);
      signal.removeEventListener("abort", stop);
      settle();
    };
    request.upload.addEventListener("progress", (event) => {
      alive();
      progress(event.loaded);
    });
    request.addEventListener("load", end(() => answered(request, resolve, reject)));
    request.addEventListener("error", end(() => reject(new TransferError("unreachable"))));
    request.addEventListener("abort", end(() => reject(signal.aborted ? stopped() : new TransferError("unreachable"))));
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    alive();
    request.send(bytes);
  });
}

function answered(request: XMLHttpRequest, resolve: (etag: string) => void, reject: (error: Error) => void): void {
  if (request.status >= 200 && request.status < 300) {
    resolve((request.getResponseHeader("ETag") ?? "").replaceAll('"', ""));
  } else {
    reject(new TransferError([400, 403, 404].includes(request.status) ? "expired" : "refused"));
  }
}

function stopped(): DOMException {
  return new DOMException("Stopped", "AbortError");
}

/**
 * Make one object of all parts. The rules of the buckets let scripts read no answer to this
 * request, so what came of it is asked of the site afterwards.
 */
export async function complete(url: string, body: string, signal: AbortSignal): Promise<void> {
  try {
    await fetch(url, { method: "POST", mode: "no-cors", credentials: "omit", body, signal });
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
  }
}
