// Actions of CKAN's API, called with the session of the page.

import { freshToken, pageToken } from "./csrf.ts";

/** What was refused, by field; as the API names it. */
export type Refusals = Record<string, unknown>;

/** What HTTP calls it; CKAN says 403 to everything that visitors may not do. */
const SIGNED_OUT = 401;

/** The site has refused, or could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly fields: Refusals;

  constructor(message: string, status: number, fields: Refusals = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }

  /** Whether the session is over: nobody is signed in any more. */
  get isSignedOut(): boolean {
    return this.status === SIGNED_OUT;
  }

  /** Whether asking again later may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500 || this.isSignedOut;
  }
}

export type Call = <T>(action: string, data?: object) => Promise<T>;

/** A function that calls actions by POST; `url` contains `ACTION`. */
export function caller(url: string): Call {
  return async <T>(action: string, data: object = {}) => {
    const address = url.replace("ACTION", action);
    let answer = await post(address, data, pageToken());
    if (answer.status === 400 && !isJson(answer)) {
      // The token has expired with the session it came from; a new page has a new one.
      answer = await post(address, data, await freshToken());
    }
    if (answer.status === 403 && !(await isSignedIn(url))) {
      throw new ApiError("You were signed out. Sign in again in another tab.", SIGNED_OUT);
    }
    return (await read(answer)) as T;
  };
}

/** Whether there still is a session: users may see their own profile, visitors none. */
async function isSignedIn(url: string): Promise<boolean> {
  const answer = await post(url.replace("ACTION", "user_show"), {}, pageToken());
  return answer.status !== 403;
}

async function post(url: string, data: object, token: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(data),
    });
  } catch {
    throw new ApiError("The site cannot be reached. Check your connection.", 0);
  }
}

function isJson(answer: Response): boolean {
  return (answer.headers.get("Content-Type") ?? "").includes("json");
}

async function read(answer: Response): Promise<unknown> {
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok && isObject(said) && said["success"] === true) {
    return said["result"];
  }
  const error = isObject(said) && isObject(said["error"]) ? said["error"] : {};
  throw new ApiError(messageOf(error, answer.status), answer.status, fieldsOf(error));
}

function fieldsOf(error: Record<string, unknown>): Refusals {
  const entries = Object.entries(error).filter(([key]) => key !== "__type" && key !== "message");
  return Object.fromEntries(entries);
}

function messageOf(error: Record<string, unknown>, status: number): string {
  const said = error["message"];
  const text = Array.isArray(said) ? said.join(" ") : typeof said === "string" ? said : "";
  if (text) {
    return text.replace(/^Access denied: /, "");
  }
  if (status === 409) {
    return "Some of the values were not accepted.";
  }
  return `The site answers with an error (${status}). Please try again later.`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
