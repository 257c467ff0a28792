// The draft editor: puts its parts together.

import { hasher } from "./files/hasher.ts";
import { FilesPanel } from "./files/panel.ts";
import { records } from "./files/records.ts";
import { Uploads } from "./files/uploads.ts";
import type { Surroundings, Upload } from "./files/upload.ts";
import { createDraft } from "./metadata/creation.ts";
import { MetadataForm } from "./metadata/form.ts";
import { caller, type Call } from "./net/api.ts";
import { deleteDraft } from "./publish/deletion.ts";
import { publishPanel, type PublishPanel } from "./publish/panel.ts";
import { judge } from "./publish/problems.ts";
import { Readiness } from "./publish/readiness.ts";
import { Draft } from "./state/draft.ts";
import { memory, type Memory, type Values } from "./state/memory.ts";
import { Saver } from "./state/saver.ts";
import type { Schema } from "./supplements/schema.ts";
import type { Dataset, Facts } from "./types.ts";
import { find, say } from "./ui/dom.ts";
import { SaveStatus } from "./ui/status.ts";
import { showStep } from "./ui/steps.ts";

export async function startEditor(root: HTMLElement, script: string | null): Promise<void> {
  const facts = JSON.parse(root.dataset["facts"] ?? "{}") as Facts;
  const call = caller(facts.urls.api);
  const form = find(root, "#dcor-form");
  const [metadata, schema] = await Promise.all([MetadataForm.make(form, call, facts), call<Schema>("resource_schema_supplements")]);
  const editor = new Editor(root, facts, call, metadata, schema, script);
  await editor.start();
}

class Editor {
  readonly #root: HTMLElement;
  readonly #facts: Facts;
  readonly #call: Call;
  readonly #metadata: MetadataForm;
  readonly #schema: Schema;
  readonly #script: string | null;
  readonly #memory: Memory;
  readonly #saver: Saver;
  readonly #status: SaveStatus;
  readonly #draft: Draft;
  readonly #publish: PublishPanel;
  readonly #readiness: Readiness;
  #files: FilesPanel | null = null;
  #uploads: Uploads | null = null;
  #isLeaving = false;

  constructor(root: HTMLElement, facts: Facts, call: Call, metadata: MetadataForm, schema: Schema, script: string | null) {
    this.#root = root;
    this.#facts = facts;
    this.#call = call;
    this.#metadata = metadata;
    this.#schema = schema;
    this.#script = script;
    this.#memory = memory(facts.user.name, facts.dataset_id);
    this.#status = new SaveStatus(root);
    this.#draft = new Draft(call, (dataset) => this.#datasetChanged(dataset));
    this.#saver = new Saver({
      send: (values) => this.#draft.update(values),
      memory: this.#memory,
      report: ({ state, errors }) => {
        this.#metadata.refuse(errors);
        this.#status.report("description", state);
        this.#judge();
      },
    });
    this.#readiness = new Readiness(call, () => this.#draft.dataset, () => this.#judge());
    this.#publish = publishPanel({
      root: find(root, "#publish"),
      mayBePublic: facts.may_be_public,
      publish: (isPublic) => this.#activate(isPublic),
      settle: () => this.#settle(),
    });
  }

  async start(): Promise<void> {
    const typed = this.#memory.read();
    if (this.#facts.dataset_id) {
      await this.#draft.load(this.#facts.dataset_id);
      await this.#open();
    } else {
      this.#status.unborn();
    }
    this.#metadata.showValues(typed);
    if (this.#draft.dataset) {
      Object.entries(typed).forEach(([name, value]) => this.#saver.change(name, value));
    }
    this.#listen(typed);
    this.#judge();
    this.#root.dataset["ready"] = "true";
    find(this.#root, "#dcor-form").hidden = false;
    find(this.#root, "#dcor-loading").hidden = true;
  }

  #listen(typed: Values): void {
    const kept: Values = { ...typed };
    this.#metadata.listen((name, value) => {
      if (this.#draft.dataset) {
        this.#saver.change(name, value);
      } else {
        kept[name] = value;
        this.#memory.write(kept);
      }
    });
    find(this.#root, "#dcor-form").addEventListener("submit", (event) => event.preventDefault());
    find(this.#root, "#dcor-create").addEventListener("click", () => void this.#create());
    find(this.#root, "#dcor-delete").addEventListener("click", () => void this.#delete());
    find(this.#root, "#dcor-form").addEventListener("focusout", () => setTimeout(() => this.#showStored()));
    // The connection, or the session, may be back.
    for (const event of ["online", "focus"]) {
      window.addEventListener(event, () => this.#goOn());
    }
    window.addEventListener("beforeunload", (event) => {
      if (!this.#isLeaving && (this.#uploads?.isBusy || (this.#draft.dataset && !this.#isSaved()))) {
        event.preventDefault();
      }
    });
  }

  #goOn(): void {
    if (!this.#saver.isClean) {
      void this.#saver.flush();
    }
    this.#uploads?.resume();
  }

  // The draft

  async #create(): Promise<void> {
    if (await createDraft(this.#root, this.#metadata, this.#draft)) {
      await this.#created();
    }
  }

  async #created(): Promise<void> {
    const dataset = this.#draft.dataset;
    if (!dataset) {
      return;
    }
    this.#memory.rename(dataset.id);
    history.replaceState(null, "", this.#facts.urls.draft.replace("ID", dataset.id));
    await this.#open();
    find(this.#root, "#files-title").focus();
  }

  /** The draft exists: files can come. */
  async #open(): Promise<void> {
    const dataset = this.#draft.dataset;
    if (!dataset) {
      return;
    }
    this.#root.classList.add("dcor-has-draft");
    this.#status.report("description", "saved");
    const uploads = new Uploads(
      {
        facts: this.#facts,
        dataset: dataset.id,
        circle: () => this.#draft.dataset?.owner_org ?? "",
        names: () => (this.#draft.dataset?.resources ?? []).map((resource) => resource.name),
      },
      this.#surroundings(),
    );
    this.#uploads = uploads;
    this.#files = new FilesPanel({
      root: find(this.#root, "#files"),
      facts: this.#facts,
      draft: this.#draft,
      schema: this.#schema,
      uploads,
      retry: async (resource) => {
        await this.#call("dcor_resource_retry", { id: resource });
        this.#readiness.watch();
      },
      report: (resource, { state }) => {
        this.#status.report(resource, state);
        this.#judge();
      },
      changed: () => this.#judge(),
    });
    this.#datasetChanged(dataset);
    await uploads.restore(dataset.resources.map((resource) => resource.id));
    this.#readiness.watch();
  }

  #surroundings(): Surroundings {
    return {
      call: this.#call,
      serial: this.#draft.serial,
      hash: hasher(this.#script),
      records: records(),
      partUnit: this.#facts.part_unit,
      changed: (upload: Upload) => {
        this.#files?.showUpload(upload);
        if (!upload.isActive) {
          this.#judge();
        }
      },
      registered: (_upload: Upload, dataset: Dataset) => {
        this.#draft.take(dataset);
        this.#readiness.watch();
      },
    };
  }

  /** Show values as the site has stored them: it writes some in another way. */
  #showStored(): void {
    const dataset = this.#draft.dataset;
    if (dataset) {
      this.#metadata.showDataset(dataset, this.#saver.unsaved);
    }
  }

  #datasetChanged(dataset: Dataset): void {
    this.#showStored();
    this.#files?.showDataset(dataset);
    say(find(this.#root, "#dcor-heading"), dataset.title || "Draft without a title");
    this.#judge();
    this.#readiness.datasetChanged();
  }

  // The judgement

  #isSaved(): boolean {
    return this.#saver.isClean && (this.#files?.isClean ?? true);
  }

  #judge(): void {
    const dataset = this.#draft.dataset;
    const unfinished = this.#uploads?.list.filter((upload) => !["done", "cancelled"].includes(upload.phase)).length ?? 0;
    const { steps, check } = this.#readiness;
    const judgement = judge({ facts: this.#facts, dataset, unfinished, isUnsaved: !this.#isSaved(), check });
    this.#files?.showStates(steps, check);
    this.#metadata.fixCircle(Boolean(dataset?.resources.length || unfinished));
    this.#publish.show(judgement, dataset);
    const number = dataset?.resources.length ?? 0;
    showStep(this.#root, "describe", dataset !== null && this.#saver.isClean, dataset ? "" : "Title, authors, licence");
    showStep(this.#root, "files", number > 0 && !unfinished, number ? (number === 1 ? "1 file" : `${number} files`) : "No files yet");
    const open = judgement.problems.length;
    const left = open === 1 ? "1 thing to do" : `${open} things to do`;
    showStep(this.#root, "publish", false, !dataset ? "" : open ? left : "Ready");
  }

  /** Save what was typed a moment ago and ask once more. */
  async #settle(): Promise<void> {
    await this.#saver.flush();
    await this.#files?.flush();
    await this.#readiness.ask();
  }

  async #delete(): Promise<void> {
    if (await deleteDraft(this.#root, this.#draft, this.#uploads)) {
      this.#memory.write({});
      this.#leave(this.#facts.urls.datasets);
    }
  }

  async #activate(isPublic: boolean): Promise<void> {
    await this.#draft.activate(isPublic);
    this.#leave(this.#facts.urls.dataset.replace("ID", this.#draft.dataset?.name ?? ""));
  }

  /** Go to another page without being asked whether to stay. */
  #leave(url: string): void {
    this.#isLeaving = true;
    location.assign(url);
  }
}
