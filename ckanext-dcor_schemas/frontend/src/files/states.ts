// What the site has found out about the files: asked again while something is going on.

import type { Call } from "../net/api.ts";
import type { Check, Steps } from "../types.ts";
import type { FileState } from "./resourcerow.ts";

/** Steps that decide whether the dataset can be published. */
const DECIDING = new Set(["settle", "describe"]);
const UNFINISHED = new Set(["pending", "running"]);

/** Whether a check of a file may still end. */
export function isUnfinished(steps: Steps): boolean {
  return Object.values(steps)
    .flat()
    .some((step) => DECIDING.has(step.step) && UNFINISHED.has(step.state));
}

/** What to show beside a file; `check` is null as long as the site has not been asked. */
export function stateOf(id: string, steps: Steps, check: Check | null): FileState {
  const own = (steps[id] ?? []).filter((step) => DECIDING.has(step.step));
  const judged = check?.resources.find((resource) => resource.id === id);
  const problems = judged?.problems.join(" ") ?? "";
  const failed = own.find((step) => step.state === "failed");
  if (problems) {
    return { word: "Problem", look: "bad", text: problems };
  }
  if (failed) {
    return { word: "Not valid", look: "bad", text: failed.error_text ?? "", mayRetry: true };
  }
  if (own.some((step) => UNFINISHED.has(step.state)) || judged?.check === "pending") {
    return { word: "Checking", look: "busy", text: "" };
  }
  if (judged?.check === "invalid") {
    const reason = judged.hints.find((hint) => hint.includes("not a valid measurement")) ?? "";
    return { word: "Not valid", look: "bad", text: reason };
  }
  return judged?.check === "valid" ? { word: "Valid measurement", look: "good", text: "" } : { word: "Uploaded", look: "neutral", text: "" };
}

/** Asks for the steps again and again, ever more slowly, as long as one is unfinished. */
export class Watch {
  readonly #call: Call;
  readonly #tell: (steps: Steps, isOver: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call, tell: (steps: Steps, isOver: boolean) => void) {
    this.#call = call;
    this.#tell = tell;
  }

  /** Look now; something may have begun. */
  look(dataset: string, pause = 1000): void {
    clearTimeout(this.#timer);
    const ask = async () => {
      const steps = await this.#call<Steps>("dcor_resource_status", { id: dataset }).catch(() => null);
      const unfinished = steps === null || isUnfinished(steps);
      if (steps) {
        this.#tell(steps, !unfinished);
      }
      if (unfinished) {
        this.look(dataset, Math.min(pause * 1.3, 10_000));
      }
    };
    this.#timer = setTimeout(() => void ask(), pause);
  }
}
