// The draft as the site has it, and the requests that change it: one after the other.

import type { Call } from "../net/api.ts";
import type { Dataset } from "../types.ts";
import type { Values } from "./memory.ts";
import { serial, type Serial } from "./serial.ts";

/** Lists that are replaced as a whole; the API merges lists otherwise. */
const LISTS = ["tags", "groups"];

export class Draft {
  readonly serial: Serial = serial();
  dataset: Dataset | null = null;
  readonly #call: Call;
  readonly #changed: (dataset: Dataset) => void;

  constructor(call: Call, changed: (dataset: Dataset) => void) {
    this.#call = call;
    this.#changed = changed;
  }

  async load(id: string): Promise<void> {
    this.take(await this.#call<Dataset>("package_show", { id }));
  }

  /** New drafts are private: there is no way back from public. */
  async create(values: Values): Promise<void> {
    const given = { ...values, state: "draft", private: true };
    this.take(await this.serial(() => this.#call<Dataset>("package_create", given)));
  }

  async update(values: Values): Promise<void> {
    const filter = LISTS.filter((name) => name in values).map((name) => `-${name}`);
    await this.#revise({ ...(filter.length ? { filter } : {}), update: values });
  }

  async updateResource(id: string, values: Values): Promise<void> {
    await this.#revise({ [`update__resources__${id}`]: values });
  }

  async removeResource(id: string): Promise<void> {
    await this.#revise({ filter: [`-resources__${id}`] });
  }

  async activate(isPublic: boolean): Promise<void> {
    const visibility = isPublic && this.dataset?.private ? { private: false } : {};
    await this.#revise({ update: { state: "active", ...visibility } });
  }

  async remove(): Promise<void> {
    const asked = { id: this.dataset?.id };
    await this.serial(() => this.#call("package_delete", asked));
    await this.serial(() => this.#call("dataset_purge", asked));
  }

  /** Take over what an answer of the site shows. */
  take(dataset: Dataset): void {
    this.dataset = dataset;
    this.#changed(dataset);
  }

  async #revise(change: object): Promise<void> {
    const asked = { match: { id: this.dataset?.id }, ...change };
    const answer = await this.serial(() => this.#call<{ package: Dataset }>("package_revise", asked));
    this.take(answer.package);
  }
}
