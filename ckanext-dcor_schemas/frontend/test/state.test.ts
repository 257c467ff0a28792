import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { slug } from "../src/metadata/circles.ts";
import { ApiError, type Refusals } from "../src/net/api.ts";
import { byField, ofResource, sentence } from "../src/net/refusals.ts";
import { judge } from "../src/publish/problems.ts";
import { Draft } from "../src/state/draft.ts";
import { memory, type Values } from "../src/state/memory.ts";
import { Saver, type Report } from "../src/state/saver.ts";
import { serial } from "../src/state/serial.ts";
import type { Dataset } from "../src/types.ts";

// Nothing is saved by itself here, and nobody waits for it.
mock.timers.enable({ apis: ["setTimeout"] });

class Store {
  readonly #items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

/** A saver whose site refuses some values. */
function saving(refuse: (values: Values) => void = () => {}) {
  const sent: Values[] = [];
  const reports: Report[] = [];
  const store = new Store() as unknown as Storage;
  const kept = memory("alice", "d", store);
  const saver = new Saver({
    send: async (values) => {
      sent.push(values);
      refuse(values);
    },
    memory: kept,
    report: (report) => reports.push(report),
  });
  return { saver, sent, kept, last: () => reports.at(-1)! };
}

function refusal(fields: Refusals, status = 409): ApiError {
  return new ApiError("not accepted", status, fields);
}

test("what was typed is sent together and then forgotten", async () => {
  const { saver, sent, kept, last } = saving();
  saver.change("title", "A");
  saver.change("title", "AB");
  saver.change("doi", "10.1/x");
  assert.deepEqual(kept.read(), { title: "AB", doi: "10.1/x" });
  await saver.flush();
  assert.deepEqual(sent, [{ title: "AB", doi: "10.1/x" }]);
  assert.equal(last().state, "saved");
  assert.equal(saver.isClean, true);
  assert.deepEqual(kept.read(), {});
});

test("a refused field keeps no other one from being saved, nor is it lost", async () => {
  const { saver, sent, kept, last } = saving((values) => {
    if (values["references"] === "bad") {
      throw refusal({ references: ["no reference"] });
    }
  });
  saver.change("title", "A");
  saver.change("references", "bad");
  await saver.flush();
  assert.deepEqual(sent.at(-1), { title: "A" });
  assert.equal(last().state, "refused");
  assert.equal(last().errors.get("references"), "no reference");
  assert.deepEqual(kept.read(), { references: "bad" });
  saver.change("references", "good");
  await saver.flush();
  assert.equal(saver.isClean, true);
  assert.equal(last().errors.size, 0);
});

test("a refusal that names nobody is traced to its field", async () => {
  const { saver, last } = saving((values) => {
    if ("license_id" in values) {
      throw refusal({}, 403);
    }
  });
  saver.change("title", "A");
  saver.change("license_id", "CC-BY-NC-4.0");
  await saver.flush();
  assert.deepEqual([...last().errors], [["license_id", "not accepted"]]);
  assert.deepEqual([...saver.unsaved], ["license_id"]);
});

for (const [status, state] of [[0, "offline"], [503, "offline"], [401, "signed-out"]] as const) {
  test(`nothing is lost while the site answers with ${status}`, async () => {
    let works = false;
    const { saver, kept, last } = saving(() => {
      if (!works) {
        throw refusal({}, status);
      }
    });
    saver.change("title", "A");
    await saver.flush();
    assert.equal(last().state, state);
    assert.deepEqual(kept.read(), { title: "A" });
    works = true;
    await saver.flush();
    assert.equal(saver.isClean, true);
    saver.change("title", "B");
    await saver.flush();
  });
}

test("what is typed while something is being saved is saved as well", async () => {
  const { saver, sent } = saving((values) => {
    if (values["title"] === "A") {
      saver.change("title", "B");
    }
  });
  saver.change("title", "A");
  await saver.flush();
  assert.deepEqual(sent, [{ title: "A" }, { title: "B" }]);
  assert.equal(saver.isClean, true);
});

test("a draft that was just made takes the memory of the new dataset along", () => {
  const store = new Store() as unknown as Storage;
  const kept = memory("alice", null, store);
  kept.write({ title: "A" });
  assert.deepEqual(memory("alice", null, store).read(), { title: "A" });
  assert.deepEqual(memory("bob", null, store).read(), {});
  kept.rename("d");
  kept.write({ title: "B" });
  assert.deepEqual(memory("alice", null, store).read(), {});
  assert.deepEqual(memory("alice", "d", store).read(), { title: "B" });
});

test("a browser that stores nothing only forgets", () => {
  const broken = { getItem: () => "no JSON", setItem: () => { throw new Error("full"); } } as unknown as Storage;
  const kept = memory("alice", "d", broken);
  kept.write({ title: "A" });
  assert.deepEqual(kept.read(), {});
});

test("requests that change a dataset wait for each other, also for those that fail", async () => {
  const queue = serial();
  const order: string[] = [];
  const slow = queue(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push("first");
    throw new Error("failed");
  });
  const next = queue(async () => {
    order.push("second");
    return 2;
  });
  await assert.rejects(slow);
  assert.equal(await next, 2);
  assert.deepEqual(order, ["first", "second"]);
});

test("lists are replaced, texts are merged, and a new draft is private", async () => {
  const asked: [string, Values][] = [];
  const draft = new Draft(
    async <T>(action: string, data: object = {}) => {
      asked.push([action, data as Values]);
      const shown = { id: "d", private: true };
      return (action === "package_revise" ? { package: shown } : shown) as T;
    },
    () => {},
  );
  await draft.create({ title: "A" });
  await draft.update({ tags: [{ name: "x" }], title: "B" });
  await draft.update({ title: "C" });
  await draft.activate(true);
  await draft.activate(false);
  assert.deepEqual(asked.map(([, data]) => data), [
    { title: "A", state: "draft", private: true },
    { match: { id: "d" }, filter: ["-tags"], update: { tags: [{ name: "x" }], title: "B" } },
    { match: { id: "d" }, update: { title: "C" } },
    { match: { id: "d" }, update: { state: "active", private: false } },
    { match: { id: "d" }, update: { state: "active" } },
  ]);
});

test("refusals become texts beside fields", () => {
  assert.deepEqual([...byField({ authors: ["Missing value"], tags: [{}, { name: ["too short"] }], doi: [] })], [
    ["authors", "Missing value"],
    ["tags", "too short"],
  ]);
  assert.deepEqual([...ofResource({ resources: [{}, { name: ["'a' already exists!"] }] })], [["name", "'a' already exists!"]]);
  assert.equal(sentence("Some values", { state: ["Cannot activate", "Cannot activate"] }), "Cannot activate");
  assert.equal(sentence("Not allowed", {}), "Not allowed");
});

const FACTS = { measurement_suffixes: [".rtdc"] };
const DATASET = { id: "d", title: "A", private: true, resources: [{ id: "a", name: "a.rtdc" }] } as unknown as Dataset;

test("a draft with a checked measurement is ready", () => {
  const check = { ready: true, problems: [], resources: [{ id: "a", name: "a.rtdc", check: "valid", problems: [], hints: ["Nothing is said yet"] }] };
  const { problems, hints } = judge({ facts: FACTS, dataset: DATASET, unfinished: 0, isUnsaved: false, check });
  assert.deepEqual(problems, []);
  assert.deepEqual(hints, ["a.rtdc: Nothing is said yet"]);
});

test("what prevents the publication is said in words", () => {
  const about = (given: object) => judge({ facts: FACTS, dataset: DATASET, unfinished: 0, isUnsaved: false, check: null, ...given }).problems;
  assert.deepEqual(about({}), []);
  assert.match(about({ dataset: null })[0]!, /not been created/);
  assert.match(about({ dataset: { ...DATASET, resources: [] } })[0]!, /no files/);
  assert.match(about({ dataset: { ...DATASET, resources: [{ id: "b", name: "b.txt" }] } })[0]!, /must be a measurement/);
  assert.match(about({ dataset: { ...DATASET, title: "" } })[0]!, /title/);
  assert.match(about({ unfinished: 2 })[0]!, /2 uploads/);
  assert.match(about({ isUnsaved: true })[0]!, /not saved/);
  const check = { ready: false, problems: ["still running"], resources: [{ id: "a", name: "a.rtdc", check: "pending", problems: ["gone"], hints: [] }] };
  assert.deepEqual(about({ check }), ["still running", "a.rtdc: gone"]);
});

test("names of circles are made of their titles", () => {
  assert.equal(slug("  Gück Lab (MPL)! "), "guck-lab-mpl");
  assert.equal(slug("★"), "");
});
