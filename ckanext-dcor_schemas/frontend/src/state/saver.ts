// Saves what changes by itself: after a pause, field by field where the site refuses some, again
// and again while the site cannot be reached. Nothing typed is ever lost: see `memory`.

import { ApiError } from "../net/api.ts";
import { byField } from "../net/refusals.ts";
import type { Memory, Values } from "./memory.ts";

export type SaveState = "saved" | "waiting" | "saving" | "refused" | "offline" | "signed-out";

export interface Report {
  state: SaveState;
  /** What was refused, by field; texts under the empty name are about none of them. */
  errors: Map<string, string>;
}

export interface SaverOptions {
  /** Stores values on the site. */
  send: (values: Values) => Promise<void>;
  memory: Memory;
  report: (report: Report) => void;
  /** Milliseconds after the last change, and between attempts to reach the site. */
  pause?: number;
  retry?: number;
}

export class Saver {
  readonly #options: Required<SaverOptions>;
  /** What is not stored yet, and of that what was refused as it is. */
  #unsaved: Values = {};
  #refused = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(options: SaverOptions) {
    this.#options = { pause: 800, retry: 10_000, ...options };
  }

  /** Whether everything is on the site. */
  get isClean(): boolean {
    return Object.keys(this.#unsaved).length === 0;
  }

  /** Names of what is not on the site yet. */
  get unsaved(): ReadonlySet<string> {
    return new Set(Object.keys(this.#unsaved));
  }

  change(name: string, value: unknown): void {
    this.#unsaved[name] = value;
    this.#refused.delete(name);
    this.#refused.delete("");
    this.#options.memory.write(this.#unsaved);
    this.#say("waiting");
    this.#schedule(this.#options.pause);
  }

  /** Save at once; resolves when nothing is left that could be saved. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#save().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), milliseconds);
  }

  async #save(): Promise<void> {
    let groups = [this.#open()];
    while (groups.some((names) => names.length)) {
      const [names = [], ...rest] = groups;
      groups = rest;
      const batch = this.#values(names);
      this.#say("saving");
      try {
        await this.#options.send(batch);
        this.#stored(batch);
      } catch (error) {
        if (!(error instanceof ApiError) || error.isPassing) {
          this.#say(error instanceof ApiError && error.isSignedOut ? "signed-out" : "offline");
          this.#schedule(this.#options.retry);
          return;
        }
        groups = [...this.#blame(error, names), ...groups];
      }
      groups = groups.length ? groups : [this.#open()];
    }
    this.#say(this.isClean ? "saved" : "refused");
  }

  /** Names of what is worth sending. */
  #open(): string[] {
    return Object.keys(this.#unsaved).filter((name) => !this.#refused.has(name));
  }

  #values(names: readonly string[]): Values {
    return Object.fromEntries(names.map((name) => [name, this.#unsaved[name]]));
  }

  #stored(batch: Values): void {
    for (const [name, value] of Object.entries(batch)) {
      if (this.#unsaved[name] === value) {
        delete this.#unsaved[name];
      }
    }
    this.#options.memory.write(this.#unsaved);
  }

  /** Note what was refused; what of it can be tried again, together. */
  #blame(error: ApiError, names: readonly string[]): string[][] {
    const said = byField(error.fields);
    const guilty = names.filter((name) => said.has(name));
    guilty.forEach((name) => this.#refused.set(name, said.get(name) ?? ""));
    if (guilty.length) {
      return [names.filter((name) => !said.has(name))];
    }
    const [only] = names;
    if (only !== undefined && names.length === 1) {
      this.#refused.set(only, [...said.values()].join(" ") || error.message);
      return [];
    }
    // Nobody is named: one by one it shows who it is.
    return names.map((name) => [name]);
  }

  #say(state: SaveState): void {
    this.#options.report({ state, errors: new Map(this.#refused) });
  }
}
