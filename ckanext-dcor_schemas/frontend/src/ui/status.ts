// Says how far saving is, for the whole page at once.

import type { SaveState } from "../state/saver.ts";
import { find, say } from "./dom.ts";

const WORDS: Record<SaveState, string> = {
  saved: "All changes saved",
  waiting: "Saving …",
  saving: "Saving …",
  refused: "Some entries were not saved; see the messages beside them",
  offline: "Not saved: the site cannot be reached. What you typed is kept in this browser",
  "signed-out": "Not saved: you were signed out. Sign in again in another tab; what you typed is kept and saved then",
};
/** The most urgent state of several parts of the page stands for all of them. */
const URGENCY: readonly SaveState[] = ["signed-out", "offline", "refused", "saving", "waiting", "saved"];

export class SaveStatus {
  readonly #element: HTMLElement;
  readonly #states = new Map<string, SaveState>();

  constructor(root: HTMLElement) {
    this.#element = find(root, "#dcor-save-state");
  }

  report(part: string, state: SaveState): void {
    this.#states.set(part, state);
    const states = [...this.#states.values()];
    this.#show(URGENCY.find((one) => states.includes(one)) ?? "saved", null);
  }

  /** Before there is a draft, everything is in the browser alone. */
  unborn(): void {
    this.#show("waiting", "Not created yet; what you typed is kept in this browser");
  }

  #show(state: SaveState, words: string | null): void {
    this.#element.dataset["state"] = state;
    say(find(this.#element, "span"), words ?? WORDS[state]);
  }
}
