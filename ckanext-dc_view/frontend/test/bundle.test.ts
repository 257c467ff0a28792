import assert from "node:assert/strict";
import { test } from "node:test";

import { Bundle, neighbours } from "../src/bundle/bundle.ts";
import {
  arrayOf,
  blockBytes,
  parseHeader,
  TruncatedContainerError,
  UnknownContainerError,
} from "../src/bundle/container.ts";
import { BundleChangedError, RangeSource, SourceUnavailableError } from "../src/bundle/source.ts";
import type { ArrayBlock, BundlePlace } from "../src/bundle/types.ts";
import { bytesOf, container } from "./container.ts";

const VALUES = new Float32Array([1.5, Number.NaN, -2, Infinity]);

function small(): ArrayBuffer {
  const feature = (offset: number) => ({ name: "deform", dtype: "<f4", offset, length: 16 });
  return container((offset) => ({ kind: "view", features: [feature(offset)] }), bytesOf(VALUES));
}

test("a header is read, and its blocks keep NaN and infinities", () => {
  const bytes = small();
  const header = parseHeader<{ features: ArrayBlock[] }>(bytes);
  assert.deepEqual([...arrayOf(bytes, header.features[0]!)], [...VALUES]);
});

test("another magic, another version and a cut header are refused", () => {
  const [magic, version] = [small(), small()];
  new Uint8Array(magic)[0] = 88;
  new DataView(version).setUint32(8, 2, true);
  assert.throws(() => parseHeader(magic), UnknownContainerError);
  assert.throws(() => parseHeader(version), UnknownContainerError);
  assert.throws(() => parseHeader(small().slice(0, 20)), TruncatedContainerError);
  assert.throws(() => parseHeader(new ArrayBuffer(3)), TruncatedContainerError);
});

test("blocks that leave the file are refused", () => {
  assert.throws(() => blockBytes(small(), { offset: 8, length: 10_000 }), TruncatedContainerError);
  assert.throws(() => blockBytes(small(), { offset: -8, length: 4 }), TruncatedContainerError);
  assert.throws(
    () => blockBytes(small(), { offset: 8, length: Number.NaN }),
    TruncatedContainerError,
  );
});

test("an unknown kind of values is refused", () => {
  assert.throws(
    () => arrayOf(small(), { offset: 0, length: 8, dtype: ">f4" as never }),
    UnknownContainerError,
  );
});

test("blocks that lie together are fetched together", () => {
  const block = (offset: number, length: number) => ({ offset, length });
  const groups = neighbours(
    [block(9000, 8), block(0, 80), block(80, 80), block(100_000, 8)],
    10_000,
  );
  assert.deepEqual(
    groups.map((group) => group.length),
    [3, 1],
  );
});

interface Request {
  url: string;
  range: string;
}

/** A store that answers as `answer` says, and notes what it is asked. */
function server(answer: (request: Request) => Response): {
  get: typeof fetch;
  requests: Request[];
} {
  const requests: Request[] = [];
  const get = (async (url: string, options: RequestInit) => {
    const request = { url, range: (options.headers as Record<string, string>)["Range"]! };
    requests.push(request);
    return answer(request);
  }) as typeof fetch;
  return { get, requests };
}

function part(range: string, etag = '"a"'): Response {
  const [first, last] = /bytes=(\d+)-(\d+)/.exec(range)!.slice(1).map(Number) as [number, number];
  return new Response(small().slice(first, last + 1), { status: 206, headers: { ETag: etag } });
}

function place(more: Partial<BundlePlace> = {}): BundlePlace {
  const size = small().byteLength;
  const base = {
    url: "store",
    expires_at: null,
    fallback_url: "site",
    size,
    first: size,
    etag: "b",
    source_etag: "e",
    step_version: 1,
  };
  return { ...base, ...more };
}

test("pieces come from the store, by range", async () => {
  const { get, requests } = server(({ range }) => part(range));
  const bundle = await Bundle.open(new RangeSource(place(), async () => null, get));
  assert.deepEqual([...(await bundle.column("deform"))], [...VALUES]);
  assert.equal(requests.length, 1);
});

test("a refused address is renewed once", async () => {
  const { get, requests } = server(({ url, range }) =>
    url === "fresh" ? part(range) : new Response("", { status: 403 }),
  );
  const source = new RangeSource(place(), async () => place({ url: "fresh" }), get);
  await source.read(0, 8);
  await source.read(8, 8);
  assert.deepEqual(
    requests.map(({ url }) => url),
    ["store", "fresh", "fresh"],
  );
});

test("an address is renewed before it ends", async () => {
  const { get, requests } = server(({ range }) => part(range));
  const soon = new Date(Date.now() + 5000).toISOString();
  const source = new RangeSource(
    place({ expires_at: soon }),
    async () => place({ url: "fresh" }),
    get,
  );
  await source.read(0, 8);
  assert.deepEqual(
    requests.map(({ url }) => url),
    ["fresh"],
  );
});

test("where the store cannot be reached, the site hands out the bytes", async () => {
  const { get, requests } = server(({ url, range }) => {
    if (url !== "site") {
      throw new TypeError("refused by CORS");
    }
    return part(range);
  });
  const source = new RangeSource(place(), async () => place({ url: "fresh" }), get);
  await source.read(0, 8);
  await source.read(8, 8);
  assert.deepEqual(
    requests.map(({ url }) => url),
    ["store", "fresh", "site", "site"],
  );
});

test("the site goes on where the store has begun, and the store is tried again later", async () => {
  let now = 0;
  const works = () => now === 0 || now >= 60_000;
  const { get, requests } = server(({ url, range }) => {
    if (url === "site") {
      return part(range, '"made by the site"');
    }
    return works() ? part(range, '"made by the store"') : new Response("", { status: 503 });
  });
  const source = new RangeSource(
    place(),
    async () => null,
    get,
    () => now,
  );
  for (now of [0, 1, 2, 60_001]) {
    await source.read(0, 8);
  }
  assert.deepEqual(
    requests.map(({ url }) => url),
    ["store", "store", "site", "site", "store"],
  );
});

test("when nobody answers, the reader is told", async () => {
  const { get } = server(() => new Response("", { status: 500 }));
  await assert.rejects(
    new RangeSource(place(), async () => null, get).read(0, 8),
    SourceUnavailableError,
  );
  await assert.rejects(
    new RangeSource(place(), async () => null, get).read(0, 10_000),
    SourceUnavailableError,
  );
});

test("pieces of different bundles are never mixed", async () => {
  let turn = 0;
  const { get } = server(({ range }) => part(range, `"${(turn += 1)}"`));
  const source = new RangeSource(place(), async () => null, get);
  await source.read(0, 8);
  await assert.rejects(source.read(8, 8), BundleChangedError);
});

test("a bundle that was made anew is not mixed with the old one by way of the site", async () => {
  let works = true;
  const { get } = server(({ url, range }) =>
    works || url === "site" ? part(range) : new Response("", { status: 404 }),
  );
  const anew = async () => place({ etag: "another" });
  const source = new RangeSource(place(), anew, get);
  await source.read(0, 8);
  works = false;
  await assert.rejects(source.read(8, 8), BundleChangedError);
});

test("a server that ignores ranges is understood", async () => {
  const { get } = server(() => new Response(small(), { status: 200 }));
  const bytes = await new RangeSource(place(), async () => null, get).read(0, 8);
  assert.equal(new TextDecoder().decode(bytes), "DCORVIEW");
});
