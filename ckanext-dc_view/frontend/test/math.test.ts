import assert from "node:assert/strict";
import { test } from "node:test";

import { css, viridis } from "../src/math/colour.ts";
import { cell, csv } from "../src/math/csv.ts";
import { density, doane } from "../src/math/density.ts";
import { exactSingle, machine, number, parse, percent, whole } from "../src/math/format.ts";
import { contains, mask, rectangle, type Point } from "../src/math/polygon.ts";
import { polyFile, scientific } from "../src/math/polyfile.ts";
import { percentile, rank, sortedFinite } from "../src/math/quantile.ts";
import { linearTicks, logTicks, tickTexts, widen } from "../src/math/scale.ts";
import { describe } from "../src/math/statistics.ts";

const BLANK = "\u202f";

test("whole numbers are exact, and grouped from five digits on", () => {
  assert.equal(whole(1600), "1600");
  assert.equal(whole(312_500), `312${BLANK}500`);
  assert.equal(whole(-1_234_567), `−1${BLANK}234${BLANK}567`);
});

test("other numbers have the digits that are of use", () => {
  assert.equal(number(0.0123456789), "0.012346");
  assert.equal(number(1.5e-7, 3), "1.5e−7");
  assert.equal(number(-2.5), "−2.5");
  assert.equal(number(Number.NaN), "–");
  assert.equal(number(null), "–");
  assert.equal(number(-Infinity), "−∞");
  assert.equal(percent(1, 3), `33.3${BLANK}%`);
  assert.equal(percent(0, 0), "–");
});

test("typed numbers are understood with a comma, blanks and a true minus", () => {
  assert.equal(parse(" 12 345,5 "), 12345.5);
  assert.equal(parse("−3e-2"), -0.03);
  assert.equal(parse("twelve"), null);
  assert.equal(parse(""), null);
});

test("single-precision numbers are written as short as they can be read back", () => {
  assert.equal(exactSingle(Math.fround(0.1)), "0.1");
  assert.equal(Math.fround(Number(exactSingle(Math.fround(1 / 3)))), Math.fround(1 / 3));
  assert.equal(machine(Number.NaN), "nan");
  assert.equal(exactSingle(-Infinity), "-inf");
});

test("percentiles are numpy's", () => {
  const sorted = sortedFinite([4, 1, Number.NaN, 3, 2, Infinity]);
  assert.deepEqual(
    [0, 25, 50, 100].map((p) => percentile(sorted, p)),
    [1, 1.75, 2.5, 4],
  );
  assert.ok(Number.isNaN(percentile(new Float64Array(), 50)));
});

test("the rank of a value lies between its percentiles", () => {
  const quantiles = Float64Array.from({ length: 101 }, (_, p) => p * 2);
  assert.equal(rank(quantiles, 50), 25);
  assert.equal(rank(quantiles, 51), 25.5);
  assert.equal(rank(quantiles, -1), 0);
  assert.equal(rank(quantiles, 1000), 100);
  assert.equal(rank(quantiles, Number.NaN), null);
  assert.equal(rank(new Float64Array(101).fill(Number.NaN), 3), null);
});

test("a value that many events share has the middle of their ranks", () => {
  const quantiles = Float64Array.from({ length: 101 }, (_, p) => (p < 20 ? p : p <= 80 ? 20 : p));
  assert.equal(rank(quantiles, 20), 50);
});

test("statistics are those of dclab", () => {
  // dclab.statistics of [1, 2, 2, 3, 10, nan, inf]
  const found = describe([1, 2, 2, 3, 10, Number.NaN, Infinity]);
  const wanted = [3.6, 2, 2.9240177, 3.2619013, 1.4, 2, 3, 7.2];
  found.forEach((value, place) =>
    assert.ok(Math.abs(value - wanted[place]!) < 1e-6, `${place}: ${value}`),
  );
});

test("without finite values there are no statistics, and no error", () => {
  assert.ok(describe([Number.NaN, Infinity]).every(Number.isNaN));
  assert.ok(describe([]).every(Number.isNaN));
  assert.equal(describe([5])[0], 5);
});

const SQUARE: Point[] = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
];

test("points are inside as dclab's polygon filter says", () => {
  assert.ok(contains(SQUARE, 1, 1));
  assert.ok(!contains(SQUARE, 3, 1));
  // Lower and left edges belong to the polygon, upper and right ones do not.
  assert.deepEqual([contains(SQUARE, 0, 1), contains(SQUARE, 1, 0)], [true, true]);
  assert.deepEqual([contains(SQUARE, 2, 1), contains(SQUARE, 1, 2)], [false, false]);
});

test("events without value are in no selection", () => {
  const x = Float64Array.of(1, Number.NaN, 5);
  assert.deepEqual([...mask(SQUARE, x, Float64Array.of(1, 1, 1))], [1, 0, 0]);
  assert.deepEqual([...mask(SQUARE.slice(0, 2), x, x)], [0, 0, 0]);
  assert.deepEqual(rectangle([2, 2], [0, 0]), SQUARE);
});

test("polygon files are dclab's", () => {
  assert.equal(scientific(6.344607717656481e-3), "6.344607717656481e-03");
  assert.equal(scientific(0), "0.000000000000000e+00");
  const text = polyFile({
    name: "a\n[Polygon 1]\nX Axis = b",
    x: "area_um",
    y: "deform",
    points: SQUARE.slice(0, 1),
  });
  assert.equal(
    text,
    "[Polygon 00000000]\nX Axis = area_um\nY Axis = deform\nName = a Polygon 1 X Axis   b\nInverted = False\n" +
      "point00000000 = 0.000000000000000e+00 0.000000000000000e+00\n",
  );
});

test("ticks are round, and written with the digits that they need", () => {
  assert.deepEqual(linearTicks([0, 0.21], 5), [0, 0.05, 0.1, 0.15, 0.2]);
  assert.deepEqual(tickTexts([0, 0.05, 0.1]), ["0.00", "0.05", "0.10"]);
  assert.deepEqual(tickTexts([-50, 0, 50]), ["−50", "0", "50"]);
  assert.deepEqual(logTicks([0, 3], 4), [0, 1, 2, 3]);
  assert.deepEqual(linearTicks([5, 5], 5), []);
});

test("a range without extent is widened", () => {
  assert.deepEqual(widen([0, 0]), [-0.5, 0.5]);
  assert.deepEqual(widen([100, 100]), [95, 105]);
});

test("the density is highest where most events are", () => {
  const x = Float64Array.from({ length: 200 }, (_, event) =>
    event < 150 ? 5 + (event % 5) / 100 : event / 20,
  );
  const found = density(x, x);
  assert.equal(Math.max(...found), 1);
  assert.ok(found[10]! > found[199]!);
  assert.deepEqual([...density(Float64Array.of(Number.NaN), Float64Array.of(1))], [0]);
  assert.equal(doane(Float64Array.of(1, 1)), 5);
});

test("the colour scale is viridis", () => {
  assert.equal(css(viridis(0)), "rgb(68,1,84)");
  assert.equal(css(viridis(1)), "rgb(253,231,37)");
});

test("cells of a table cannot become formulas or further cells", () => {
  assert.equal(cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
  assert.equal(cell("-1.5e-3"), "-1.5e-3");
  assert.equal(csv([["a,b", 'c"d']]), '"a,b","c""d"\r\n');
});
