// One file on its way into the dataset. It can be stopped at any point and goes on from what has
// arrived, also after a reload of the page.

import { ApiError } from "../net/api.ts";
import { ofResource, sentence } from "../net/refusals.ts";
import type { Serial } from "../state/serial.ts";
import type { Dataset } from "../types.ts";
import { UnreadableError } from "./hasher.ts";
import { TransferError } from "./put.ts";
import type { Records, UploadRecord } from "./records.ts";
import { register } from "./registration.ts";
import { Transfer, type TransferTools } from "./transfer.ts";

/** `missing`: the page was loaded again, and nobody has chosen the file since. */
export type Phase = "missing" | "waiting" | "comparing" | "sending" | "registering" | "paused" | "failed" | "done" | "cancelled";

export interface Surroundings extends Omit<TransferTools, "progress" | "interrupted" | "keep"> {
  /** Changes of the dataset, one after the other. */
  serial: Serial;
  records: Records;
  /** Something about an upload has changed. */
  changed: (upload: Upload) => void;
  registered: (upload: Upload, dataset: Dataset) => void;
}

/** Milliseconds. */
const LOCK_PATIENCE = 3000;
const ACTIVE: readonly Phase[] = ["comparing", "sending", "registering"];

export class Upload {
  readonly record: UploadRecord;
  phase: Phase;
  error = "";
  /** Whether it may go on by itself when the connection is back. */
  isUnreachable = false;
  /** Bytes that have arrived, those on their way included. */
  sent: number;
  readonly #around: Surroundings;
  readonly #transfer: Transfer;
  #file: File | null;
  #stopper = new AbortController();

  constructor(record: UploadRecord, file: File | null, around: Surroundings) {
    this.record = record;
    this.phase = file ? "waiting" : "missing";
    this.#file = file;
    this.#around = around;
    this.#transfer = new Transfer(record, {
      ...around,
      progress: (bytes) => this.#progress(bytes),
      interrupted: (error, pause) => this.#interrupted(error, pause),
      keep: async () => (this.phase === "cancelled" ? undefined : around.records.put(record)),
    });
    this.sent = this.#transfer.arrived;
  }

  get isActive(): boolean {
    return ACTIVE.includes(this.phase);
  }

  /** Whether this can be the file that was chosen before; the rest is found out by comparing. */
  recognises(file: File): boolean {
    return file.name === this.record.fileName && file.size === this.record.size;
  }

  /** Go on with this file. */
  attach(file: File, handle?: FileSystemFileHandle): void {
    this.#file = file;
    if (handle) {
      this.record.handle = handle;
    }
    this.#transfer.doubt();
    this.#set("waiting");
  }

  retry(): void {
    this.#set(this.#file ? "waiting" : "missing");
  }

  pause(): void {
    this.#stopper.abort();
    if (!this.isActive) {
      this.#set("paused");
    }
  }

  /** Forget the upload and remove what has arrived of it. */
  async cancel(): Promise<void> {
    this.#stopper.abort();
    this.#set("cancelled");
    await this.#around.records.remove(this.record.key);
    await this.#transfer.discard();
  }

  /** Do everything that is left to do; never throws. */
  async run(): Promise<void> {
    this.#stopper = new AbortController();
    try {
      await alone(`dcor-upload-${this.record.key}`, () => this.#everything(this.#stopper.signal));
    } catch (error) {
      this.#end(error);
    }
  }

  async #everything(signal: AbortSignal): Promise<void> {
    if (!this.#file) {
      return this.#set("missing");
    }
    this.#set("comparing");
    if (await this.#transfer.prepare(this.#file, signal)) {
      this.#set("sending");
      await this.#transfer.deliver(this.#file, signal);
    }
    signal.throwIfAborted();
    await this.#register();
  }

  async #register(): Promise<void> {
    this.#set("registering");
    const { dataset, name, resourceId, key, size } = this.record;
    const { call, serial, records, registered } = this.#around;
    const revised = await serial(() => register(call, dataset, resourceId ?? "", name));
    await records.remove(key);
    this.#progress(size);
    this.#set("done");
    registered(this, revised);
  }

  #progress(bytes: number): void {
    this.sent = bytes;
    this.error = "";
    this.#around.changed(this);
  }

  #interrupted(error: TransferError, pause: number): void {
    this.error = `${error.message} Trying again in ${Math.round(pause / 1000)} s.`;
    this.#around.changed(this);
  }

  #end(error: unknown): void {
    if (error instanceof DOMException && error.name === "AbortError") {
      return this.#set("paused");
    }
    if (error instanceof UnreadableError) {
      this.#file = null;
      return this.#set("missing", "The file cannot be read any more: it was moved or changed. Choose it again.");
    }
    this.#set("failed", explain(error));
    this.isUnreachable = isUnreachable(error);
  }

  #set(phase: Phase, error = ""): void {
    if (this.phase === "cancelled") {
      return;
    }
    this.phase = phase;
    this.error = error;
    this.isUnreachable = false;
    this.sent = Math.max(this.#transfer.arrived, phase === "done" ? this.record.size : 0);
    this.#around.changed(this);
  }
}

/** Do something unless another tab of this browser is doing it. */
async function alone(name: string, task: () => Promise<void>): Promise<void> {
  // Sites without encryption have no locks.
  if (!("locks" in navigator)) {
    return task();
  }
  let isAlone = false;
  const own = async () => {
    isAlone = true;
    await task();
  };
  try {
    // A tab that was closed a moment ago may still hold it.
    await navigator.locks.request(name, { signal: AbortSignal.timeout(LOCK_PATIENCE) }, own);
  } catch (error) {
    throw isAlone ? error : new Error("This file is being uploaded in another tab.");
  }
}

function isUnreachable(error: unknown): boolean {
  return (error instanceof TransferError && error.trouble === "unreachable") || (error instanceof ApiError && error.isPassing);
}

function explain(error: unknown): string {
  if (error instanceof ApiError) {
    const about = [...ofResource(error.fields).values()].join(" ");
    return about || sentence(error.message, error.fields);
  }
  return error instanceof Error ? error.message : String(error);
}
