import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";

import { compare } from "../src/files/comparison.ts";
import { md5Of } from "../src/files/hashing.ts";
import { combinedEtag, Md5 } from "../src/files/md5.ts";
import { isMeasurement, problemOf, resourceName } from "../src/files/names.ts";
import { completion, cut } from "../src/files/parts.ts";
import { isUnfinished, stateOf } from "../src/files/states.ts";

const GIB = 2 ** 30;
const SUFFIXES = [".rtdc", ".txt"];

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

test("checksums are those of MD5, whatever the length", () => {
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 4099]) {
    const bytes = new Uint8Array(randomBytes(length));
    const own = new Md5();
    own.update(bytes);
    assert.equal(own.digest(), md5(bytes), `${length} bytes`);
  }
});

test("pieces make the same checksum as the whole", () => {
  const bytes = new Uint8Array(randomBytes(64 * 5 + 17));
  const own = new Md5();
  own.update(bytes.subarray(0, 128));
  own.update(bytes.subarray(128, 320));
  own.update(bytes.subarray(320));
  assert.equal(own.digest(), md5(bytes));
});

test("a piece after one that was cut anywhere is refused", () => {
  const own = new Md5();
  own.update(new Uint8Array(10));
  assert.throws(() => own.update(new Uint8Array(10)));
});

test("a file is hashed chunk by chunk, also an empty one", async () => {
  const bytes = new Uint8Array(randomBytes(9 * 2 ** 20 + 3));
  assert.equal(await md5Of(new Blob([bytes])), md5(bytes));
  assert.equal(await md5Of(new Blob([])), md5(new Uint8Array()));
});

test("hashing can be stopped", async () => {
  await assert.rejects(md5Of(new Blob(["some bytes"]), () => true), { name: "AbortError" });
});

test("parts make the ETag of the store", () => {
  const etags = [md5(new Uint8Array([1])), md5(new Uint8Array([2]))];
  const joined = Buffer.concat(etags.map((etag) => Buffer.from(etag, "hex")));
  assert.equal(combinedEtag(etags), `${md5(joined)}-2`);
  assert.equal(combinedEtag([etags[0]!]), etags[0]);
});

test("files are cut as the site and all clients do it", () => {
  assert.deepEqual(cut(0, GIB), [{ index: 0, start: 0, end: 0 }]);
  assert.deepEqual(cut(GIB, GIB), [{ index: 0, start: 0, end: GIB }]);
  const [first, second, ...more] = cut(GIB + 5, GIB);
  assert.deepEqual(more, []);
  assert.equal(first!.end - first!.start, 536_870_915);
  assert.equal(second!.end - second!.start, 536_870_914);
  assert.equal(cut(20 * GIB, GIB).length, 20);
});

test("the completion names all parts from one on", () => {
  const wanted = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part><Part><PartNumber>2</PartNumber><ETag>b</ETag></Part></CompleteMultipartUpload>";
  assert.equal(completion(["a", "b"]), wanted);
});

test("names become what the site accepts, in the way of DCOR-Aid", () => {
  assert.equal(resourceName("M001 data.RTDC"), "M001_data.rtdc");
  assert.equal(resourceName("µæs (1)[2]+a-b.c,d.Txt"), "..s_(1)[2]+a-b.c,d.txt");
  assert.equal(resourceName("😀.txt"), "..txt");
  assert.equal(resourceName("README"), "README");
});

test("what cannot become a resource is said at once", () => {
  const facts = { suffixes: SUFFIXES, max_file_size: 100 };
  assert.equal(problemOf("a.rtdc", 100, facts), "");
  assert.match(problemOf("a.docx", 1, facts), /\.rtdc \.txt/);
  assert.match(problemOf("noend", 1, facts), /type/);
  assert.match(problemOf("a.txt", 101, facts), /larger/);
});

test("measurements are known by their suffix", () => {
  const facts = { measurement_suffixes: [".dc", ".rtdc"] };
  assert.equal(isMeasurement("a.rtdc", facts), true);
  assert.equal(isMeasurement("a.r", facts), false);
  assert.equal(isMeasurement("rtdc", facts), false);
});

const step = (name: string, state: string, error_text: string | null = null) => ({ step: name, title: name, state, error_text });

test("the site is asked again while a check that decides is running", () => {
  assert.equal(isUnfinished({ a: [step("describe", "running")] }), true);
  assert.equal(isUnfinished({ a: [step("describe", "done"), step("condense", "pending")] }), false);
});

test("the state of a file is the most important thing known of it", () => {
  const judged = (check: string, problems: string[] = [], hints: string[] = []) => ({
    ready: false,
    problems: [],
    resources: [{ id: "a", name: "a.rtdc", check, problems, hints }],
  });
  assert.equal(stateOf("a", { a: [step("describe", "running")] }, null).word, "Checking");
  assert.deepEqual(stateOf("a", { a: [step("describe", "failed", "No events")] }, null), { word: "Not valid", look: "bad", text: "No events", mayRetry: true });
  assert.equal(stateOf("a", { a: [step("describe", "done")] }, judged("valid")).word, "Valid measurement");
  assert.equal(stateOf("a", {}, judged("valid", ["is not on the store"])).word, "Problem");
  assert.equal(stateOf("a", {}, judged("invalid", [], ["This is not a valid measurement: cut"])).text, "This is not a valid measurement: cut");
  assert.equal(stateOf("a", {}, null).word, "Uploaded");
});

const PARTS = cut(30, 10);

function comparing(etags: string[]) {
  const compared: number[] = [];
  const hash = async (part: { index: number }) => {
    compared.push(part.index);
    return etags[part.index]!;
  };
  return { compared, hash };
}

const [A, B, C, X] = ["a", "b", "c", "x"].map((text) => createHash("md5").update(text).digest("hex")) as [string, string, string, string];

test("of a file that was not touched, the first part that has arrived is compared", async () => {
  const { compared, hash } = comparing([A, B, C]);
  const arrived = { etag: null, stored: new Map([[0, A], [1, B]]) };
  const known = { etags: [A, B, null], isUntouched: true };
  assert.deepEqual(await compare(PARTS, known, arrived, hash), [A, B, null]);
  assert.deepEqual(compared, [0]);
});

test("of a file that was touched, everything that has arrived is compared", async () => {
  const { compared, hash } = comparing([A, X, C]);
  const arrived = { etag: null, stored: new Map([[0, A], [1, B]]) };
  assert.equal(await compare(PARTS, { etags: [A, B, null], isUntouched: false }, arrived, hash), null);
  assert.deepEqual(compared, [0, 1]);
});

test("a whole file is recognised by its first part, if its checksums were noted", async () => {
  const known = { etags: [A, B, C], isUntouched: true };
  const arrived = { etag: combinedEtag([A, B, C]), stored: new Map() };
  const same = comparing([A, B, C]);
  assert.deepEqual(await compare(PARTS, known, arrived, same.hash), [A, B, C]);
  assert.deepEqual(same.compared, [0]);
  assert.equal(await compare(PARTS, known, arrived, comparing([X, B, C]).hash), null);
});

test("otherwise the whole file is compared", async () => {
  const arrived = { etag: combinedEtag([A, B, C]), stored: new Map() };
  for (const known of [{ etags: [A, B, null], isUntouched: true }, { etags: [A, B, C], isUntouched: false }]) {
    const { compared, hash } = comparing([A, B, C]);
    assert.deepEqual(await compare(PARTS, known, arrived, hash), [A, B, C]);
    assert.deepEqual(compared, [0, 1, 2]);
    assert.equal(await compare(PARTS, known, arrived, comparing([A, B, X]).hash), null);
  }
});
