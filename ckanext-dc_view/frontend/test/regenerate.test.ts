import assert from "node:assert/strict";
import { test } from "node:test";

import type { Step } from "../src/bundle/types.ts";
import { overviewOf } from "../src/status/regenerate.ts";

const step = (name: string, state: Step["state"]): Step => ({
  step: name,
  title: name,
  state,
  attempt: 1,
  error_code: null,
  error_text: null,
});

const pipeline = (...steps: Step[]) => ({
  pipeline: { finished: true, failed: true, poll_after: null, steps },
});

test("an overview that is made again has an end of its own", () => {
  const failed = step("condense", "failed");
  assert.equal(overviewOf(pipeline(failed, step("overview", "done"))), "done");
  assert.equal(overviewOf(pipeline(failed, step("overview", "running"))), "running");
  assert.equal(overviewOf(pipeline(step("overview", "failed"))), "failed");
  assert.equal(overviewOf(pipeline(failed)), undefined);
});
