// What the site has found out about the draft, asked for at the right moments: steps of the
// processing while they run, the whole check when something has changed.

import { Watch } from "../files/states.ts";
import type { Call } from "../net/api.ts";
import type { Check, Dataset, Steps } from "../types.ts";

/** Milliseconds between a change and the question what it means. */
const PAUSE = 1500;
/** The site looks at every file when it is asked: with more than this it is asked only about new ones. */
const MANY = 50;

export class Readiness {
  steps: Steps = {};
  /** Nothing if the site cannot say it beforehand: then it says it when the draft is activated. */
  check: Check | null = null;
  readonly #call: Call;
  readonly #dataset: () => Dataset | null;
  readonly #changed: () => void;
  readonly #watch: Watch;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = "";

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

  /** The dataset has changed. */
  datasetChanged(): void {
    const resources = this.#dataset()?.resources ?? [];
    if (resources.length <= MANY || this.#asked !== idsOf(resources)) {
      this.askSoon();
    }
  }

  askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), PAUSE);
  }

  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    const dataset = this.#dataset();
    this.#asked = idsOf(dataset?.resources ?? []);
    const asks = dataset !== null && dataset.resources.length > 0;
    this.check = asks ? await this.#call<Check>("dcor_dataset_check", { id: dataset.id }).catch(() => null) : null;
    this.#changed();
  }
}

function idsOf(resources: readonly { id: string }[]): string {
  return resources.map((resource) => resource.id).join();
}
