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

export class RangeSource {
  private place: BundlePlace;
  private readonly renew: Renew;
  private readonly get: typeof fetch;
  private throughSite = false;
  private renewing: Promise<boolean> | null = null;
  private etag: string | null = null;

  constructor(place: BundlePlace, renew: Renew, get: typeof fetch = (...given) => fetch(...given)) {
    this.place = place;
    this.renew = renew;
    this.get = get;
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
    if (!this.throughSite) {
      const found = await this.fromStore(offset, length);
      if (found) {
        return found;
      }
      this.throughSite = true;
    }
    const found = await this.attempt(this.place.fallback_url, offset, length, "same-origin");
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
    const found = await this.attempt(asked, offset, length, "omit");
    if (found) {
      return found;
    }
    const renewed = this.place.url !== asked || (await this.refresh());
    return renewed ? this.attempt(this.place.url, offset, length, "omit") : null;
  }

  private isExpiring(): boolean {
    const end = this.place.expires_at;
    return end !== null && Date.parse(end) - Date.now() < RENEW_BEFORE_SECONDS * 1000;
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
    if (place.source_etag !== this.place.source_etag || place.size !== this.place.size) {
      throw new BundleChangedError("The overview was made anew. Reload the page.");
    }
    this.place = place;
    return true;
  }

  private async attempt(
    url: string,
    offset: number,
    length: number,
    credentials: RequestCredentials,
  ): Promise<ArrayBuffer | null> {
    try {
      const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
      const answer = await this.get(url, { headers, credentials });
      return answer.ok ? await this.content(answer, offset, length) : null;
    } catch (error) {
      if (error instanceof BundleChangedError) {
        throw error;
      }
      return null; // refused by the network or by CORS: there is another way
    }
  }

  private async content(
    answer: Response,
    offset: number,
    length: number,
  ): Promise<ArrayBuffer | null> {
    const etag = answer.headers.get("ETag")?.replace(/^W\//, "") ?? null;
    if (etag && this.etag && etag !== this.etag) {
      throw new BundleChangedError("The overview was made anew. Reload the page.");
    }
    const bytes = await answer.arrayBuffer();
    const part = answer.status === 206 ? bytes : bytes.slice(offset, offset + length);
    if (part.byteLength !== length) {
      return null;
    }
    this.etag = etag ?? this.etag;
    return part;
  }
}
