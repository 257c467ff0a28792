// The files of the dataset: those that are in it, and those on their way.

import { ApiError } from "../net/api.ts";
import { sentence } from "../net/refusals.ts";
import { memory } from "../state/memory.ts";
import { Saver, type Report } from "../state/saver.ts";
import type { Draft } from "../state/draft.ts";
import type { Schema, Supplements } from "../supplements/schema.ts";
import type { Check, Dataset, Facts, Resource, Steps } from "../types.ts";
import { el, fill, find } from "../ui/dom.ts";
import { size } from "../ui/format.ts";
import { isMeasurement } from "./names.ts";
import { listenForFiles, reopen } from "./picker.ts";
import { mayCancel, mayCopy, mayRemove } from "./questions.ts";
import { resourceRow, type ResourceRow } from "./resourcerow.ts";
import { stateOf } from "./states.ts";
import type { Upload } from "./upload.ts";
import { uploadRow, type UploadRow } from "./uploadrow.ts";
import type { Chosen, Refused, Uploads } from "./uploads.ts";

export interface FilesOptions {
  root: HTMLElement;
  facts: Facts;
  draft: Draft;
  schema: Schema;
  uploads: Uploads;
  /** Let the site check a file again. */
  retry: (resource: string) => Promise<void>;
  /** Something about saving the descriptions of files has changed. */
  report: (resource: string, report: Report) => void;
  /** Files were taken in or out. */
  changed: () => void;
}

interface Entry {
  row: ResourceRow;
  saver: Saver;
}

export class FilesPanel {
  readonly #options: FilesOptions;
  readonly #list: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #entries = new Map<string, Entry>();
  readonly #uploadRows = new Map<Upload, UploadRow>();
  #steps: Steps = {};
  #check: Check | null = null;

  constructor(options: FilesOptions) {
    this.#options = options;
    const { root } = options;
    this.#list = find(root, "#dcor-file-list");
    this.#input = find(root, 'input[type="file"]');
    listenForFiles(this.#input, find(root, "#dcor-choose"), find(root, "#dcor-drop"), (chosen) => this.#take(chosen));
  }

  /** Whether all descriptions of files are on the site. */
  get isClean(): boolean {
    return [...this.#entries.values()].every((entry) => entry.saver.isClean);
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => entry.saver.flush()));
  }

  showDataset(dataset: Dataset): void {
    for (const resource of dataset.resources) {
      const entry = this.#entries.get(resource.id) ?? this.#enter(resource);
      entry.row.update(resource, entry.saver.unsaved);
    }
    this.#arrange(dataset);
  }

  showStates(steps: Steps, check: Check | null): void {
    this.#steps = steps;
    this.#check = check;
    for (const [id, { row }] of this.#entries) {
      row.state(stateOf(id, steps, check));
    }
  }

  showUpload(upload: Upload): void {
    const over = upload.phase === "done" || upload.phase === "cancelled";
    const known = this.#uploadRows.get(upload);
    if (over) {
      known?.element.remove();
      this.#uploadRows.delete(upload);
    } else if (known) {
      known.update();
    } else {
      const row = uploadRow(upload, {
        choose: (one) => void this.#continue(one),
        start: () => void this.#options.uploads.start(),
        cancel: (one) => void this.#cancel(one),
      });
      this.#uploadRows.set(upload, row);
      this.#list.append(row.element);
    }
    this.#count();
  }

  #enter(resource: Resource): Entry {
    const { facts, schema, draft, report } = this.#options;
    const store = memory(facts.user.name, `${draft.dataset?.id ?? ""}/${resource.id}`);
    const row = resourceRow(resource, isMeasurement(resource.name, facts) ? schema : null, {
      change: (id, key, value) => this.#entries.get(id)?.saver.change(key, value),
      remove: (one) => void this.#remove(one),
      retry: (one) => {
        row.state({ word: "Checking", look: "busy", text: "" });
        void this.#tell(one, this.#options.retry(one.id));
      },
      copy: (one) => void this.#copy(one.id),
    });
    const saver = new Saver({
      send: (values) => draft.updateResource(resource.id, values),
      memory: store,
      report: (said) => {
        row.refuse(said.errors);
        report(resource.id, said);
      },
    });
    const entry = { row, saver };
    this.#entries.set(resource.id, entry);
    this.#restore(entry, store.read());
    row.state(stateOf(resource.id, this.#steps, this.#check));
    return entry;
  }

  /** What was typed on an earlier visit and never arrived. */
  #restore({ row, saver }: Entry, typed: Supplements): void {
    row.type(typed);
    Object.entries(typed).forEach(([key, value]) => saver.change(key, value));
  }

  #arrange(dataset: Dataset): void {
    const present = new Set(dataset.resources.map((resource) => resource.id));
    for (const [id, { row }] of this.#entries) {
      if (!present.has(id)) {
        row.element.remove();
        this.#entries.delete(id);
      }
    }
    const wanted = dataset.resources.map((resource) => this.#entries.get(resource.id)?.row.element);
    const rows = [...wanted, ...[...this.#uploadRows.values()].map((row) => row.element)];
    rows.forEach((element, place) => {
      // Only what is at another place is moved: moving takes the focus away.
      if (element && this.#list.children[place] !== element) {
        this.#list.insertBefore(element, this.#list.children[place] ?? null);
      }
    });
    this.#count();
  }

  #count(): void {
    const resources = this.#options.draft.dataset?.resources ?? [];
    const total = resources.reduce((sum, resource) => sum + Number(resource.size ?? 0), 0);
    const number = resources.length === 1 ? "1 file" : `${resources.length} files`;
    find(this.#options.root, "#dcor-file-count").textContent = resources.length ? `${number} · ${size(total)}` : "";
  }

  #take(chosen: Chosen[]): void {
    this.#refuse(this.#options.uploads.add(chosen));
    this.#options.changed();
  }

  /** Say what was not done with which files. */
  #refuse(refused: readonly Refused[]): void {
    const notes = refused.map(({ fileName, reason }) => el("li", {}, el("strong", {}, fileName), " ", reason));
    fill(find(this.#options.root, "#dcor-refused"), ...notes);
  }

  async #continue(upload: Upload): Promise<void> {
    const { handle } = upload.record;
    const file = handle ? await reopen(handle) : null;
    if (file && upload.recognises(file)) {
      upload.attach(file);
      void this.#options.uploads.start();
    } else {
      this.#input.click();
    }
  }

  async #cancel(upload: Upload): Promise<void> {
    if (upload.sent === 0 || (await mayCancel(upload.record.name))) {
      this.#options.uploads.forget(upload);
      await upload.cancel();
      this.#options.changed();
    }
  }

  async #remove(resource: Resource): Promise<void> {
    if (!(await mayRemove(resource.name))) {
      return;
    }
    await this.#tell(resource, this.#options.draft.removeResource(resource.id));
    this.#options.changed();
  }

  /** Say why something could not be done with a file. */
  async #tell(resource: Resource, done: Promise<void>): Promise<void> {
    try {
      await done;
      this.#refuse([]);
    } catch (error) {
      this.#refuse([{ fileName: resource.name, reason: error instanceof ApiError ? sentence(error.message, error.fields) : String(error) }]);
    }
  }

  async #copy(id: string): Promise<void> {
    const { facts, draft } = this.#options;
    await this.#entries.get(id)?.saver.flush();
    const resources = draft.dataset?.resources ?? [];
    const from = resources.find((resource) => resource.id === id);
    const others = resources.filter((resource) => resource.id !== id && isMeasurement(resource.name, facts));
    if (!from || !others.length || !(await mayCopy(others.length))) {
      return;
    }
    const values = Object.fromEntries(Object.entries(from).filter(([key, value]) => key.startsWith("sp:") && value !== null));
    for (const other of others) {
      const entry = this.#entries.get(other.id);
      entry?.row.type(values);
      Object.entries(values).forEach(([key, value]) => entry?.saver.change(key, value));
    }
  }
}
