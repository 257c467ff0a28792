import assert from "node:assert/strict";
import { test } from "node:test";

import type { IsoelasticTable } from "../src/bundle/types.ts";
import { simplify } from "../src/explorer/drawing.ts";
import { shapeOnAxes } from "../src/explorer/overlays.ts";
import { PickingGrid } from "../src/plot/grid.ts";
import { split, tablesFor } from "../src/plot/isoelastics.ts";
import { clip, placeLabel, visibleLength, type Box } from "../src/plot/labels.ts";
import {
  colours,
  disc,
  NO_VALUE,
  NOT_CHOSEN,
  outside,
  over,
  paint,
  paintingOrder,
} from "../src/plot/points.ts";
import { svgPlot } from "../src/plot/svg.ts";

const VIEW = { x: [0, 10], y: [0, 10] } as const;

test("the densest events are painted last, those not chosen first", () => {
  const colour = colours(Int16Array.of(5, 200, -1, 7), Uint8Array.of(1, 1, 1, 0));
  assert.deepEqual([...colour], [5, 200, NO_VALUE, NOT_CHOSEN]);
  assert.deepEqual([...paintingOrder(colour)], [3, 2, 0, 1]);
});

test("events are painted where they are, also at the edge", () => {
  const pixels = new Uint32Array(100);
  const points = {
    x: Float64Array.of(5, 0, Number.NaN, 50),
    y: Float64Array.of(5, 9.99, 5, 5),
    colour: new Uint16Array(4),
    order: Uint32Array.of(0, 1, 2, 3),
  };
  const inks = new Uint32Array(258).fill(0xff0000ff);
  paint({ pixels, width: 10, height: 10 }, points, VIEW, [{ stamp: disc(3, false), inks }]);
  const painted = (x: number, y: number) => pixels[x + 10 * y] !== 0;
  assert.ok(painted(5, 5) && painted(4, 5) && painted(5, 4) && painted(0, 0) && painted(1, 0));
  assert.ok(!painted(8, 8));
});

test("a translucent colour mixes with what is below", () => {
  assert.equal(over(0xff0000ff, 255, 0xff00ff00), 0xff0000ff);
  assert.equal(over(0xff0000ff, 0, 0xff00ff00), 0xff00ff00);
  assert.equal(over(0xff0000ff, 128, 0) >>> 24, 128);
});

test("events outside of the axes are counted, those without value separately", () => {
  const found = outside(Float64Array.of(1, 11, Number.NaN), Float64Array.of(1, 1, 1), VIEW);
  assert.deepEqual(found, { outside: 1, missing: 1 });
});

test("the nearest event is found, also among those far out", () => {
  const grid = new PickingGrid(
    Float64Array.of(1, 2, 500, Number.NaN),
    Float64Array.of(1, 2, 500, 1),
    VIEW,
  );
  assert.equal(grid.nearest(1.9, 1.9, 1, 1), 1);
  assert.equal(grid.nearest(499.5, 500, 1, 1), 2);
  assert.equal(grid.nearest(8, 8, 1, 1), -1);
});

const TABLE: IsoelasticTable = {
  lut: "LE",
  x: "area_um",
  y: "deform",
  emodulus: [1, 2],
  counts: [2, 1],
  offset: 0,
  length: 24,
  dtype: "<f4",
  pixelated: null,
};

test("isoelastics are there for both orders of the axes, and for circularity", () => {
  assert.equal(tablesFor([TABLE], "circ", "area_um").length, 1);
  assert.equal(tablesFor([TABLE], "volume", "deform").length, 0);
  assert.equal(tablesFor([TABLE], "area_um", "bright_avg").length, 0);
  const lines = split(Float64Array.of(10, 0.25, 20, 0.5, 30, 0.75), TABLE, "circ", "area_um");
  assert.deepEqual([...lines[0]!.x], [0.75, 0.5]);
  assert.deepEqual([...lines[0]!.y], [10, 20]);
  assert.equal(lines[1]!.emodulus, 2);
});

test("a selection is shown on its own axes only", () => {
  const shape = { x: "a", y: "b", points: [[1, 2] as const] };
  assert.deepEqual(shapeOnAxes(shape, { x: "b", y: "a" }), [[2, 1]]);
  assert.equal(shapeOnAxes(shape, { x: "a", y: "c" }), null);
});

test("a line drawn by hand keeps its corners and loses the rest", () => {
  const line = [...Array(11).keys()].map((x) => [x, 0] as const);
  assert.deepEqual(simplify([...line, [10, 10]], 1), [
    [0, 0],
    [10, 0],
    [10, 10],
  ]);
});

test("texts in a drawing are texts", () => {
  const axis = { label: "<script>&", log: false, range: [0, 1] as const };
  const points = {
    x: Float64Array.of(0.5),
    y: Float64Array.of(0.5),
    steps: Int16Array.of(3),
    chosen: null,
  };
  const drawing = svgPlot({
    x: axis,
    y: axis,
    points,
    lines: [],
    polygon: null,
    title: '"><svg onload=x>',
  });
  assert.ok(!/<script|onload=x>|"></.test(drawing.replace(/"\/?>/g, "")));
  assert.ok(drawing.includes("&#60;script&#62;&#38;"));
});

test("lines carry their elasticity in a drawing, too", () => {
  const axis = { label: "", log: false, range: [0, 10] as const };
  const line = (height: number, emodulus: number | null) => ({
    emodulus,
    x: Float64Array.of(0, 10),
    y: Float64Array.of(height, height),
  });
  const none = new Float64Array(0);
  const drawing = svgPlot({
    x: axis,
    y: axis,
    points: { x: none, y: none, steps: new Int16Array(0), chosen: null },
    lines: [line(2, 0.7), line(5, 1.2), line(7, null), line(50, 9)],
    polygon: null,
    title: "",
  });
  const texts = [...drawing.matchAll(/>([^<]* kPa)</g)].map((found) => found[1]);
  assert.deepEqual(texts, ["0.7 kPa", "1.2 kPa"]);
});

const AREA = { width: 100, height: 50 };

test("of a line only what is in view counts", () => {
  assert.deepEqual(clip([-50, 25], [150, 25], AREA), [
    [0, 25],
    [100, 25],
  ]);
  assert.equal(clip([-50, 60], [150, 60], AREA), null);
  assert.equal(clip([10, -1], [10, -5], AREA), null);
  const line = [[-50, 20] as const, [20, 20] as const, [20, 90] as const];
  assert.equal(visibleLength(line, AREA), 20 + 30);
});

test("labels stand at the ends of lines, and neither on one another nor on events", () => {
  const line = (y: number) => [[-1000, y] as const, [1000, y] as const];
  const first = placeLabel(line(30), [20, 10], AREA, [], [])!;
  assert.deepEqual(first, [78, 18, 20, 10]);
  const second = placeLabel(line(32), [20, 10], AREA, [first], [])!;
  assert.ok(second[0] + 20 < first[0]);
  const event: Box = [70, 20, 5, 5];
  const third = placeLabel(line(32), [20, 10], AREA, [first], [event])!;
  assert.ok(third[0] + 20 < event[0]);
});

test("a line without room for its label has none", () => {
  const short = [[90, 5] as const, [99, 5] as const];
  assert.equal(placeLabel(short, [20, 10], AREA, [], []), null);
  const full: Box = [0, 0, 100, 50];
  assert.equal(
    placeLabel(
      [
        [0, 30],
        [100, 30],
      ],
      [20, 10],
      AREA,
      [full],
      [],
    ),
    null,
  );
  assert.notEqual(
    placeLabel(
      [
        [0, 30],
        [100, 30],
      ],
      [20, 10],
      AREA,
      [],
      [full],
    ),
    null,
  );
});
