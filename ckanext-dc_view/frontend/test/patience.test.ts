import assert from "node:assert/strict";
import { test } from "node:test";

import { ROUNDS, waitBefore } from "../src/net/patience.ts";

const all = (again: number, chance: number) =>
  Array.from({ length: ROUNDS }, (_, round) => waitBefore(round, again, chance));

test("questions wait longer each time, but keep their place", () => {
  const waits = all(1, 1);
  assert.deepEqual(
    waits,
    [...waits].sort((a, b) => a - b),
  );
  assert.equal(Math.max(...waits), 1500);
  assert.equal(Math.min(...all(1, 0)), 75);
});

test("the site says how long is too long", () => {
  assert.equal(Math.max(...all(2, 1)), 3000);
  assert.equal(Math.max(...all(0, 1)), 1500);
  assert.equal(Math.max(...all(NaN, 1)), 1500);
});

test("nobody gives up within some seconds", () => {
  const seconds = all(1, 0.5).reduce((sum, wait) => sum + wait, 0) / 1000;
  assert.ok(seconds > 10 && seconds < 20);
});
