import assert from "node:assert/strict";
import { test } from "node:test";

import { byValue, pageOf, shuffled } from "../src/gallery/order.ts";
import {
  borders,
  boundingBox,
  corrected,
  extremes,
  toPixels,
  type Grey,
} from "../src/event/grey.ts";
import { window } from "../src/event/traces.ts";
import { spread } from "../src/gallery/invitation.ts";
import { marked, prettyJson } from "../src/logs/lines.ts";
import { fromHash, toHash } from "../src/state/hash.ts";
import { Store, type Choice } from "../src/state/store.ts";
import { pauseBefore } from "../src/status/pause.ts";
import { sortedRows, timeColumn } from "../src/tables/sort.ts";
import { grouped, matching } from "../src/ui/entries.ts";
import { target } from "../src/ui/roving.ts";

const DEFAULTS: Choice = {
  x: "area_um",
  y: "deform",
  xLog: false,
  yLog: false,
  colour: "density",
  xRange: null,
  yRange: null,
  lut: "LE",
  pixelated: true,
  shape: null,
  event: null,
};
const FEATURES = new Set(["area_um", "deform", "bright_avg"]);

test("a link shows the same choice", () => {
  const choice: Choice = {
    ...DEFAULTS,
    x: "bright_avg",
    xLog: true,
    colour: "area_um",
    yRange: [0.01, 0.2],
    lut: null,
    shape: {
      x: "area_um",
      y: "deform",
      points: [
        [1, 2],
        [3, 4],
        [5, -6.5],
      ],
    },
    event: 46,
  };
  assert.deepEqual(fromHash(toHash(choice, DEFAULTS), DEFAULTS, FEATURES), choice);
});

test("the usual choice has no link of its own", () => {
  assert.equal(toHash(DEFAULTS, DEFAULTS), "");
  assert.deepEqual(fromHash("#section", DEFAULTS, FEATURES), DEFAULTS);
});

test("nonsense in a link does no harm", () => {
  const hash =
    "#view:x=__proto__&y=nope&c=<img>&xr=5,1&yr=a,b&sel=area_um:deform:1,2;3&e=-1&xl=maybe";
  assert.deepEqual(fromHash(hash, DEFAULTS, FEATURES), DEFAULTS);
});

test("listeners are told once, and only of what differs", () => {
  const told: string[][] = [];
  const store = new Store({ a: 1, b: 2 });
  store.subscribe((_, changed) => told.push([...changed]));
  store.set({ a: 1 });
  store.set({ a: 2, b: 3 });
  assert.deepEqual(told, [["a", "b"]]);
});

test("features are found by words of label and name, in their groups", () => {
  const entry = (value: string, text: string, group: string) => ({
    value,
    text,
    group,
    words: value,
  });
  const all = [
    entry("area_um", "Area [µm²]", "Shape"),
    entry("fl1_max", "FL-1 maximum", "Fluorescence"),
    entry("deform", "Deformation", "Shape"),
  ];
  assert.deepEqual(
    matching(all, "max fl").map(({ value }) => value),
    ["fl1_max"],
  );
  assert.deepEqual(
    grouped(all).map(([group, members]) => [group, members.length]),
    [
      ["Shape", 2],
      ["Fluorescence", 1],
    ],
  );
});

test("the gallery's orders hold every event once", () => {
  const places = [...Array(100).keys()];
  assert.deepEqual(byValue([0, 1, 2], Float64Array.of(3, Number.NaN, 1)), [2, 0, 1]);
  assert.deepEqual(
    [...shuffled(places)].sort((a, b) => a - b),
    places,
  );
  assert.deepEqual(shuffled(places), shuffled(places));
  assert.notDeepEqual(shuffled(places), places);
  assert.deepEqual(pageOf(places, 2, 48), [96, 97, 98, 99]);
});

function grey(width: number, values: number[]): Grey {
  return { width, height: values.length / width, values: Float32Array.from(values) };
}

test("the background is taken away and its mean is kept", () => {
  const image = corrected(grey(2, [10, 20, 30, 40]), grey(2, [10, 10, 20, 20]));
  assert.deepEqual([...image.values], [15, 25, 25, 35]);
});

test("an empty mask has no box, and a mask at the edge stays inside", () => {
  assert.equal(boundingBox(grey(2, [0, 0, 0, 0]), 5), null);
  assert.deepEqual(boundingBox(grey(3, [1, 0, 0, 0, 0, 0]), 1), [0, 0, 2, 2]);
});

test("the border of a mask runs around its pixels", () => {
  const single = grey(3, [0, 0, 0, 0, 255, 0, 0, 0, 0]);
  assert.deepEqual(borders(single, [0, 0, 3, 3]), [1, 1, 1, 2, 1, 1, 2, 1, 2, 1, 2, 2, 1, 2, 2, 2]);
  assert.deepEqual(borders(single, [0, 0, 1, 1]), []);
});

test("events to begin with are spread evenly", () => {
  assert.deepEqual(spread([0, 1, 2, 3, 4, 5, 6, 7], 4), [0, 2, 4, 6]);
  assert.deepEqual(spread([0, 1], 4), [0, 1]);
});

test("contrast is stretched within what is shown", () => {
  const image = grey(2, [10, 20, 30, 250]);
  assert.deepEqual(extremes(image, [0, 0, 2, 1]), [10, 20]);
  assert.deepEqual(
    [...toPixels(image, [0, 0, 2, 1], [10, 20])],
    [0, 0, 0, 255, 255, 255, 255, 255],
  );
});

test("traces are shown around the peaks that are known", () => {
  const values = new Map([
    ["fl1_pos", 100],
    ["fl1_width", 20],
    ["fl2_pos", 300],
    ["fl2_width", Number.NaN],
  ]);
  const trace = (name: string) => ({ name, values: new Float64Array() });
  assert.deepEqual(window([trace("fl1_raw"), trace("fl2_raw")], values), [70, 130]);
  assert.equal(window([trace("fl3_raw")], values), null);
});

test("JSON in a log is written over several lines", () => {
  assert.equal(prettyJson(' {"a": 1}'), '{\n  "a": 1\n}');
  assert.equal(prettyJson("{broken"), null);
  assert.equal(prettyJson("12"), null);
});

test("what was searched for is marked without regard to case", () => {
  assert.deepEqual(marked("Error: error", "ERR"), ["", "Err", "or: ", "err", "or"]);
  assert.deepEqual(marked("İx", "x"), ["İx"]);
});

test("rows are sorted by number or text, empty cells last", () => {
  const rows = [
    [3, "b"],
    [null, "a10"],
    [1, "a9"],
  ];
  assert.deepEqual(sortedRows(rows, 0, false), [2, 0, 1]);
  assert.deepEqual(sortedRows(rows, 0, true), [0, 2, 1]);
  assert.deepEqual(sortedRows(rows, 1, false), [2, 1, 0]);
  assert.equal(timeColumn(["brightness", "time"]), 1);
});

test("the longer nothing happens, the more seldom the page asks", () => {
  const pauses = [0, 1, 2, 3, 20].map((quiet) => pauseBefore(2, quiet));
  assert.deepEqual(pauses, [2, 3, 4.5, 6.75, 30]);
});

test("arrow keys lead through a grid and stop at its ends", () => {
  // 0 1 2 / 3 4
  const to = (key: string, from: number) => target(key, from, 5, 3);
  assert.deepEqual([to("ArrowRight", 0), to("ArrowRight", 4)], [1, -1]);
  assert.deepEqual([to("ArrowLeft", 3), to("ArrowLeft", 0)], [2, -1]);
  assert.deepEqual([to("ArrowDown", 1), to("ArrowDown", 2)], [4, -1]);
  assert.deepEqual([to("ArrowUp", 4), to("ArrowUp", 1)], [1, -1]);
  assert.deepEqual([to("Home", 3), to("End", 1), to("Enter", 1)], [0, 4, -1]);
});
