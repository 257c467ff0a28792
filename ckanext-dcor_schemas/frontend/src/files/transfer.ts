// The bytes of one file on their way to the object store: which have arrived, where the others go.

import type { Call } from "../net/api.ts";
import { pause, stoppable } from "../net/stoppable.ts";
import type { UploadAllowed, UploadFound } from "../types.ts";
import { compare } from "./comparison.ts";
import type { Hasher } from "./hasher.ts";
import { combinedEtag } from "./md5.ts";
import { completion, cut, type Part } from "./parts.ts";
import { complete, put, TransferError } from "./put.ts";
import type { UploadRecord } from "./records.ts";

export interface TransferTools {
  call: Call;
  hash: Hasher;
  partUnit: number;
  /** So many bytes have arrived, those on their way included. */
  progress: (bytes: number) => void;
  /** Something went wrong; after so many milliseconds it is tried again. */
  interrupted: (error: TransferError, pause: number) => void;
  /** The record has changed and should be kept. */
  keep: () => Promise<void>;
}

const ATTEMPTS = 6;
/** URLs work for a day; older ones [ms] are not even tried. */
const URL_LIFETIME = 20 * 3600 * 1000;

export class Transfer {
  readonly #record: UploadRecord;
  readonly #tools: TransferTools;
  readonly #parts: Part[];
  #urls: (string | null)[] = [];
  #completeUrl: string | null = null;
  #urlsUntil = 0;
  /** What the store says of parts that have arrived. */
  #stored = new Map<number, string>();

  constructor(record: UploadRecord, tools: TransferTools) {
    this.#record = record;
    this.#tools = tools;
    this.#parts = cut(record.size, tools.partUnit);
  }

  /** Bytes of the parts that have arrived. */
  get arrived(): number {
    const parts = this.#parts.filter((part) => this.#record.etags[part.index]);
    return parts.reduce((sum, part) => sum + part.end - part.start, 0);
  }

  /** Nothing that was known of the file is trusted any more. */
  doubt(): void {
    this.#urlsUntil = 0;
  }

  /** Get URLs for what is missing; false if the whole file has arrived. */
  async prepare(file: File, signal: AbortSignal): Promise<boolean> {
    if (this.#record.resourceId && Date.now() >= this.#urlsUntil) {
      const found = await this.#find();
      if (found.registered || (await this.#isSame(file, found, signal))) {
        return !(found.registered || found.etag);
      }
      // Another file under the same name, or one that was changed: it begins anew.
      await this.discard();
    }
    if (!this.#record.resourceId) {
      await this.#allow(file);
    }
    return true;
  }

  /** Send what is missing and put it together. */
  async deliver(file: File, signal: AbortSignal): Promise<void> {
    for (const part of this.#parts) {
      await this.#deliverPart(file, part, signal);
    }
    if (this.#completeUrl) {
      await this.#complete(signal);
    }
  }

  /** Remove what has arrived; what cannot be removed now, the store removes after some days. */
  async discard(): Promise<void> {
    const id = this.#record.resourceId;
    this.#record.resourceId = null;
    this.#record.etags = this.#parts.map(() => null);
    if (id) {
      await this.#tools.call("dcor_upload_cancel", { id }).catch(() => undefined);
    }
  }

  async #allow(file: File): Promise<void> {
    const { circle, size } = this.#record;
    const asked = { organization_id: circle, file_size: size };
    const allowed = await this.#tools.call<UploadAllowed>("resource_upload_s3_urls", asked);
    if (allowed.upload_urls.length !== this.#parts.length) {
      throw new Error("The site cuts files in another way than this page. Load the page again.");
    }
    this.#record.resourceId = allowed.resource_id;
    this.#record.modified = file.lastModified;
    this.#record.etags = this.#parts.map(() => null);
    this.#stored.clear();
    this.#use(allowed.upload_urls, allowed.complete_url);
    await this.#tools.keep();
  }

  async #find(): Promise<UploadFound> {
    const found = await this.#tools.call<UploadFound>("dcor_upload_resume", { id: this.#record.resourceId });
    this.#stored = new Map(found.parts.map((part) => [part.part_number - 1, part.etag]));
    this.#use(found.upload_urls, found.complete_url);
    return found;
  }

  #use(urls: readonly (string | null)[], completeUrl: string | null): void {
    this.#urls = [...urls];
    this.#completeUrl = completeUrl;
    this.#urlsUntil = Date.now() + URL_LIFETIME;
  }

  async #isSame(file: File, found: UploadFound, signal: AbortSignal): Promise<boolean> {
    const known = { etags: this.#record.etags, isUntouched: file.lastModified === this.#record.modified };
    const arrived = { etag: found.etag, stored: this.#stored };
    const hash = (part: Part) => this.#tools.hash(file.slice(part.start, part.end), signal);
    const etags = await compare(this.#parts, known, arrived, hash);
    if (etags) {
      this.#record.etags = etags;
      this.#record.modified = file.lastModified;
    }
    return etags !== null;
  }

  async #deliverPart(file: File, part: Part, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !this.#record.etags[part.index]; attempt++) {
      try {
        this.#record.etags[part.index] = await this.#send(file.slice(part.start, part.end), part.index, signal);
      } catch (error) {
        await this.#recover(error, attempt, signal);
      }
      this.#tools.progress(this.arrived);
      await this.#tools.keep();
    }
  }

  /** Send one part; its checksum, which is the one that the store has computed as well. */
  async #send(bytes: Blob, index: number, signal: AbortSignal): Promise<string> {
    const url = this.#urls[index];
    const before = this.arrived;
    const either = stoppable(signal);
    try {
      const [stored, own] = await Promise.all([
        // Without a URL the part has arrived, but nobody has heard of it.
        url ? put(url, bytes, (sent) => this.#tools.progress(before + sent), either.signal) : this.#stored.get(index),
        this.#tools.hash(bytes, either.signal),
      ]);
      if (stored !== own) {
        throw new TransferError("damaged");
      }
      return own;
    } finally {
      either.stop();
    }
  }

  async #recover(error: unknown, attempt: number, signal: AbortSignal): Promise<void> {
    if (!(error instanceof TransferError) || attempt >= ATTEMPTS || signal.aborted) {
      throw error;
    }
    await this.#pause(error, attempt, signal);
    if (error.trouble === "expired") {
      await this.#find();
    }
  }

  async #complete(signal: AbortSignal): Promise<void> {
    const etags = this.#record.etags.map((etag) => etag ?? "");
    for (let attempt = 1; ; attempt++) {
      await complete(this.#completeUrl ?? "", completion(etags), signal);
      const found = await this.#find();
      if (found.registered || found.etag === combinedEtag(etags)) {
        return;
      }
      if (found.etag || attempt >= ATTEMPTS) {
        this.doubt();
        throw new TransferError("damaged");
      }
      await this.#pause(new TransferError("unreachable"), attempt, signal);
    }
  }

  /** Longer each time. */
  async #pause(error: TransferError, attempt: number, signal: AbortSignal): Promise<void> {
    const milliseconds = 1000 * 2 ** (attempt - 1);
    this.#tools.interrupted(error, milliseconds);
    await pause(milliseconds, signal);
  }
}
