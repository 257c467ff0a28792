// Requests to the page's own endpoints; every error of theirs is `{"error": code, "message": text}`.

import { ROUNDS, waitBefore } from "./patience.ts";

/** The site has refused; `message` is for people. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  /** When to ask again [s], if the site says so. */
  readonly again: number;

  constructor(code: string, message: string, status: number, again = 0) {
    super(message);
    this.code = code;
    this.status = status;
    this.again = again;
  }
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const answer = await ask(url, signal);
  return (await answer.json()) as T;
}

export async function getBytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await ask(url, signal)).arrayBuffer();
}

/** POST with CKAN's token against forged requests. */
export async function post(url: string): Promise<void> {
  const field = meta("csrf_field_name") ?? "_csrf_token";
  const token = meta(field) ?? "";
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
    body: new URLSearchParams({ [field]: token }),
  });
  await refuse(answer);
}

/** An address with further parameters. */
export function withQuery(url: string, given: Record<string, string | number>): string {
  const absolute = new URL(url, document.baseURI);
  for (const [key, value] of Object.entries(given)) {
    absolute.searchParams.set(key, String(value));
  }
  return absolute.href;
}

/** The same place under another suffix: `logs.json` becomes `logs.txt`. */
export function withSuffix(url: string, suffix: string): string {
  const absolute = new URL(url, document.baseURI);
  absolute.pathname = absolute.pathname.replace(/\.[a-z]+$/, suffix);
  return absolute.href;
}

/** Where others use all that there is, the question is asked again a little later. */
async function ask(url: string, signal?: AbortSignal): Promise<Response> {
  for (let round = 0; round < ROUNDS; round++) {
    let again = 0;
    try {
      return await askOnce(url, signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "busy")) {
        throw error;
      }
      again = error.again;
    }
    await new Promise((go) => setTimeout(go, waitBefore(round, again, Math.random())));
  }
  return askOnce(url, signal);
}

async function askOnce(url: string, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { credentials: "same-origin", signal: signal ?? null }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") {
        throw error;
      }
      throw new ApiError(
        "unreachable",
        "The server cannot be reached. Check the connection and try again.",
        0,
      );
    },
  );
  await refuse(answer);
  return answer;
}

async function refuse(answer: Response): Promise<void> {
  if (answer.ok) {
    return;
  }
  const said = (await answer.json().catch(() => ({}))) as { error?: unknown; message?: unknown };
  const code = typeof said.error === "string" ? said.error : "unknown";
  const text =
    typeof said.message === "string" && said.message
      ? said.message
      : `The server answers with ${answer.status}.`;
  throw new ApiError(code, text, answer.status, Number(answer.headers.get("Retry-After")));
}

function meta(name: string): string | null {
  return (
    document.querySelector(`meta[name="${CSS.escape(name)}"]`)?.getAttribute("content") ?? null
  );
}
