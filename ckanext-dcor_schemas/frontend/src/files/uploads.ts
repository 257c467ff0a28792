// All uploads of a dataset, one after the other: resources keep the order of the files.

import type { Facts } from "../types.ts";
import { problemOf, resourceName } from "./names.ts";
import type { UploadRecord } from "./records.ts";
import { Upload, type Surroundings } from "./upload.ts";

export interface Chosen {
  file: File;
  handle?: FileSystemFileHandle;
}

/** A file that was not taken, and why. */
export interface Refused {
  fileName: string;
  reason: string;
}

export interface Place {
  facts: Facts;
  dataset: string;
  /** The circle that owns the dataset now. */
  circle: () => string;
  /** Names that the resources of the dataset have. */
  names: () => string[];
}

export class Uploads {
  readonly list: Upload[] = [];
  readonly #place: Place;
  readonly #around: Surroundings;
  #isRunning = false;

  constructor(place: Place, around: Surroundings) {
    this.#place = place;
    this.#around = around;
  }

  get isBusy(): boolean {
    return this.list.some((upload) => upload.isActive || upload.phase === "waiting");
  }

  /** What an earlier visit to the page has left. */
  async restore(registered: readonly string[]): Promise<void> {
    const { facts, dataset } = this.#place;
    for (const record of await this.#around.records.all(facts.user.name, dataset)) {
      if (record.resourceId && registered.includes(record.resourceId)) {
        await this.#around.records.remove(record.key);
      } else {
        this.#append(new Upload(record, null, this.#around));
      }
    }
  }

  /** Take files: go on with those that are known, begin with the others. */
  add(chosen: readonly Chosen[]): Refused[] {
    const refused = chosen.flatMap((one) => this.#take(one) ?? []);
    void this.start();
    return refused;
  }

  /** Begin with what waits. */
  async start(): Promise<void> {
    if (this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    for (let next = this.#next(); next; next = this.#next()) {
      await next.run();
    }
    this.#isRunning = false;
  }

  forget(upload: Upload): void {
    this.list.splice(this.list.indexOf(upload), 1);
  }

  /** The connection is back. */
  resume(): void {
    this.list.filter((upload) => upload.isUnreachable).forEach((upload) => upload.retry());
    void this.start();
  }

  #next(): Upload | undefined {
    return this.list.find((upload) => upload.phase === "waiting");
  }

  #take({ file, handle }: Chosen): Refused | null {
    const known = this.list.find((upload) => upload.phase === "missing" && upload.recognises(file));
    if (known) {
      known.attach(file, handle);
      return null;
    }
    const name = resourceName(file.name);
    const reason = problemOf(name, file.size, this.#place.facts) || this.#taken(name);
    if (reason) {
      return { fileName: file.name, reason };
    }
    const record = this.#record(file, name, handle);
    this.#append(new Upload(record, file, this.#around));
    void this.#around.records.put(record);
    return null;
  }

  #taken(name: string): string {
    const waiting = this.list.filter((upload) => upload.phase !== "done").map((upload) => upload.record.name);
    return [...this.#place.names(), ...waiting].includes(name) ? "There is a file of this name already." : "";
  }

  #record(file: File, name: string, handle?: FileSystemFileHandle): UploadRecord {
    const { facts, dataset } = this.#place;
    const last = this.list.at(-1)?.record.chosen ?? 0;
    return {
      key: `${dataset}/${name}`,
      user: facts.user.name,
      dataset,
      circle: this.#place.circle(),
      name,
      fileName: file.name,
      size: file.size,
      modified: file.lastModified,
      chosen: Math.max(Date.now(), last + 1),
      resourceId: null,
      etags: [],
      ...(handle ? { handle } : {}),
    };
  }

  #append(upload: Upload): void {
    this.list.push(upload);
    this.#around.changed(upload);
  }
}
