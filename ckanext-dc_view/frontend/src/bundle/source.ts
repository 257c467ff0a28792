// Reads pieces of the bundle: straight from the object store, and by way of the site where a
// browser cannot reach the store. Presigned addresses are renewed before they end.

import type { BundlePlace } from "./types.ts";

/** Neither the store nor the site handed out the bytes. */
export class SourceUnavailableError extends Error {}

/** The bundle was made anew while the page was open. */
export class BundleChangedError extends Error {}

/** Asks the page's state endpoint for a fresh, always presigned address. */
export type Renew = () => Promise<BundlePlace | null>;

const RENEW_BEFORE_SECONDS = 30;
/** So long after a failure of the store the site is asked, then the store is tried again. */
const AVOID_STORE_SECONDS = 60;

/** What lies in front of them may change their ETags: these are compared for each. */
type Origin = "store" | "site";

export class RangeSource {
  private place: BundlePlace;
  private readonly renew: Renew;
  private readonly get: typeof fetch;
  private readonly now: () => number;
  private avoidStoreUntil = 0;
  private renewing: Promise<boolean> | null = null;
  private readonly etags = new Map<Origin, string>();

  constructor(
    place: BundlePlace,
    renew: Renew,
    get: typeof fetch = (...given) => fetch(...given),
    now: () => number = Date.now,
  ) {
    this.place = place;
    this.renew = renew;
    this.get = get;
    this.now = now;
  }

  get first(): number {
    return this.place.first;
  }

  /** Read `length` bytes from `offset`. */
  async read(offset: number, length: number): Promise<ArrayBuffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.place.size)) {
      throw new SourceUnavailableError("A part of the overview lies outside of the file.");
    }
    if (length === 0) {
      return new ArrayBuffer(0);
    }
    if (this.now() >= this.avoidStoreUntil) {
      const found = await this.fromStore(offset, length);
      if (found) {
        return found;
      }
      this.avoidStoreUntil = this.now() + AVOID_STORE_SECONDS * 1000;
    }
    const found = await this.attempt("site", this.place.fallback_url, offset, length);
    if (!found) {
      throw new SourceUnavailableError(
        "The overview could not be loaded. Check the connection and reload the page.",
      );
    }
    return found;
  }

  private async fromStore(offset: number, length: number): Promise<ArrayBuffer | null> {
    if (this.isExpiring()) {
      await this.refresh();
    }
    const asked = this.place.url;
    const found = await this.attempt("store", asked, offset, length);
    if (found) {
      return found;
    }
    const renewed = this.place.url !== asked || (await this.refresh());
    return renewed ? this.attempt("store", this.place.url, offset, length) : null;
  }

  private isExpiring(): boolean {
    const end = this.place.expires_at;
    return end !== null && Date.parse(end) - this.now() < RENEW_BEFORE_SECONDS * 1000;
  }

  /** One renewal serves all requests that wait for it. */
  private refresh(): Promise<boolean> {
    this.renewing ??= this.renew()
      .catch(() => null)
      .then((place) => this.accept(place))
      .finally(() => {
        this.renewing = null;
      });
    return this.renewing;
  }

  private accept(place: BundlePlace | null): boolean {
    if (!place) {
      return false;
    }
    const same = (["etag", "source_etag", "step_version", "size"] as const).every(
      (key) => place[key] === this.place[key],
    );
    if (!same) {
      throw new BundleChangedError("The overview was made anew. Reload the page.");
    }
    this.place = place;
    return true;
  }

  private async attempt(
    origin: Origin,
    url: string,
    offset: number,
    length: number,
  ): Promise<ArrayBuffer | null> {
    try {
      const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
      const credentials = origin === "site" ? "same-origin" : "omit";
      const answer = await this.get(url, { headers, credentials });
      return answer.ok ? await this.content(origin, answer, offset, length) : null;
    } catch (error) {
      if (error instanceof BundleChangedError) {
        throw error;
      }
      return null; // refused by the network or by CORS: there is another way
    }
  }

  private async content(
    origin: Origin,
    answer: Response,
    offset: number,
    length: number,
  ): Promise<ArrayBuffer | null> {
    const etag = answer.headers.get("ETag")?.replace(/^W\//, "");
    if (etag && (this.etags.get(origin) ?? etag) !== etag) {
      throw new BundleChangedError("The overview was made anew. Reload the page.");
    }
    const bytes = await answer.arrayBuffer();
    const part = answer.status === 206 ? bytes : bytes.slice(offset, offset + length);
    if (part.byteLength !== length) {
      return null;
    }
    if (etag) {
      this.etags.set(origin, etag);
    }
    return part;
  }
}
