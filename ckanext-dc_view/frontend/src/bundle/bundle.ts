// An overview bundle: the first piece at once, everything else when it is asked for, and once.

import { blockBytes, decodeArray, parseHeader } from "./container.ts";
import type { RangeSource } from "./source.ts";
import type { ArrayBlock, Block, Feature, Statistics, ViewHeader } from "./types.ts";

export class Bundle {
  readonly header: ViewHeader;
  private readonly source: RangeSource;
  private readonly firstPiece: ArrayBuffer;
  private readonly byName: Map<string, Feature>;
  private readonly columns = new Map<string, Promise<Float64Array>>();
  private readonly once = new Map<string, Promise<unknown>>();

  private constructor(source: RangeSource, firstPiece: ArrayBuffer) {
    this.source = source;
    this.firstPiece = firstPiece;
    this.header = parseHeader<ViewHeader>(firstPiece);
    this.byName = new Map(this.header.features.map((feature) => [feature.name, feature]));
  }

  /** Load all that the first plot needs, in one request. */
  static async open(source: RangeSource): Promise<Bundle> {
    return new Bundle(source, await source.read(0, source.first));
  }

  feature(name: string): Feature | undefined {
    return this.byName.get(name);
  }

  /** Values of a feature for the sampled events. */
  column(name: string): Promise<Float64Array> {
    const feature = this.byName.get(name);
    if (!feature) {
      return Promise.reject(new Error(`There is no feature ${name} in this measurement.`));
    }
    const known = this.columns.get(name);
    if (known) {
      return known;
    }
    const loading = this.array(feature);
    this.columns.set(name, loading);
    loading.catch(() => this.columns.delete(name));
    return loading;
  }

  /** Values of all features, with as few requests as the order of the blocks allows. */
  async allColumns(): Promise<Map<string, Float64Array>> {
    const missing = this.header.features.filter(({ name }) => !this.columns.has(name));
    for (const group of neighbours(missing)) {
      const start = group[0]!.offset;
      const last = group[group.length - 1]!;
      const piece = this.bytes({ offset: start, length: last.offset + last.length - start });
      for (const feature of group) {
        const values = piece.then((bytes) =>
          decodeArray(blockBytes(bytes, feature, start), feature.dtype),
        );
        this.columns.set(feature.name, values);
        values.catch(() => this.columns.delete(feature.name));
      }
    }
    const found = this.header.features.map(
      async ({ name }) => [name, await this.column(name)] as const,
    );
    return new Map(await Promise.all(found));
  }

  /** Original indices of the sampled events, ascending. */
  index(): Promise<Float64Array> {
    return this.loadOnce("index", () => this.array(this.header.index));
  }

  /** Density of the default axes; null where there is none. */
  async density(): Promise<Float64Array | null> {
    const block = this.header.density;
    return block ? this.loadOnce("density", () => this.array(block)) : null;
  }

  /** Percentiles 0 … 100 of a feature over all events. */
  async quantiles(name: string): Promise<Float64Array> {
    const all = await this.loadOnce("quantiles", () => this.array(this.header.quantiles));
    const place = this.header.features.findIndex((feature) => feature.name === name);
    return all.subarray(101 * place, 101 * (place + 1));
  }

  /** Statistics of all events. */
  statistics(): Promise<Statistics> {
    return this.loadOnce("statistics", async () => {
      const bytes = await this.bytes(this.header.statistics);
      return JSON.parse(new TextDecoder().decode(bytes)) as Statistics;
    });
  }

  /** All values of the sampled event at position `row`, by feature. */
  async row(row: number): Promise<Map<string, number>> {
    const width = 8 * this.header.features.length;
    const bytes = await this.bytes({
      offset: this.header.rows.offset + row * width,
      length: width,
    });
    const values = decodeArray(bytes, "<f8");
    return new Map(this.header.features.map(({ name }, place) => [name, values[place]!]));
  }

  array(block: ArrayBlock): Promise<Float64Array> {
    return this.bytes(block).then((bytes) => decodeArray(bytes, block.dtype));
  }

  async bytes(block: Block): Promise<ArrayBuffer> {
    if (block.offset + block.length <= this.firstPiece.byteLength) {
      return blockBytes(this.firstPiece, block);
    }
    return this.source.read(block.offset, block.length);
  }

  private loadOnce<T>(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.once.get(key) as Promise<T> | undefined;
    if (known) {
      return known;
    }
    const loading = load();
    this.once.set(key, loading);
    loading.catch(() => this.once.delete(key));
    return loading;
  }
}

/** Groups of blocks that lie behind one another with small gaps, in the order of the file. */
export function neighbours<T extends Block>(blocks: readonly T[], gap = 4096): T[][] {
  const groups: T[][] = [];
  let end = -Infinity;
  for (const block of [...blocks].sort((a, b) => a.offset - b.offset)) {
    if (block.offset - end <= gap) {
      groups[groups.length - 1]!.push(block);
    } else {
      groups.push([block]);
    }
    end = block.offset + block.length;
  }
  return groups;
}
