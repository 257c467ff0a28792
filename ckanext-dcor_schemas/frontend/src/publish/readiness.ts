// What the site has found out about the draft, asked for at the right moments: steps of the
// processing while they run, the whole check when something has changed.

import { Watch } from "../files/states.ts";
import type { Call } from "../net/api.ts";
import type { Check, Dataset, Steps } from "../types.ts";

/** Milliseconds between a change and the question what it means. */
const PAUSE = 1500;

export class Readiness {
  steps: Steps = {};
  /** Nothing if the site cannot say it beforehand: then it says it when the draft is activated. */
  check: Check | null = null;
  readonly #call: Call;
  readonly #dataset: () => Dataset | null;
  readonly #changed: () => void;
  readonly #watch: Watch;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call, dataset: () => Dataset | null, changed: () => void) {
    this.#call = call;
    this.#dataset = dataset;
    this.#changed = changed;
    this.#watch = new Watch(call, (steps, isOver) => {
      this.steps = steps;
      changed();
      if (isOver) {
        this.askSoon();
      }
    });
  }

  /** Something is being processed. */
  watch(): void {
    const dataset = this.#dataset();
    if (dataset) {
      this.#watch.look(dataset.id);
    }
  }

  askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), PAUSE);
  }

  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    const dataset = this.#dataset();
    const asks = dataset !== null && dataset.resources.length > 0;
    this.check = asks ? await this.#call<Check>("dcor_dataset_check", { id: dataset.id }).catch(() => null) : null;
    this.#changed();
  }
}
