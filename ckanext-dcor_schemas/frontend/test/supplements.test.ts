import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { duration, size, Speedometer } from "../src/ui/format.ts";
import { compositeKey, filled, format, hasOption, itemApplies, parse, sectionApplies, type Schema, type Section } from "../src/supplements/schema.ts";

const FILES = "ckanext-dcor_schemas/ckanext/dcor_schemas/supplements/files";
const read = (name: string) => JSON.parse(readFileSync(`${FILES}/${name}.json`, "utf-8")) as Section;
const SCHEMA: Schema = { general: read("supplement1_general"), cells: read("supplement2_cells"), chip: read("supplement4_chip") };
const item = (section: string, key: string) => SCHEMA[section]!.items.find((one) => one.key === key)!;

test("sections and items appear when they make sense", () => {
  const cells = SCHEMA["cells"]!;
  assert.equal(sectionApplies(cells, {}), false);
  const line = { "sp:general:sample type": "cell line" };
  assert.equal(sectionApplies(cells, line), true);
  assert.equal(itemApplies(cells, item("cells", "organism"), line), true);
  assert.equal(itemApplies(cells, item("cells", "passage number"), line), true);
  assert.equal(itemApplies(cells, item("cells", "pathology"), line), false);
});

test("entries become values of their types", () => {
  assert.equal(parse(item("chip", "channel width"), "20.5"), 20.5);
  assert.equal(parse(item("general", "replicate"), " 3 "), 3);
  assert.equal(parse(item("general", "replicate"), "three"), "three");
  assert.equal(parse(item("cells", "fixed"), "true"), true);
  assert.equal(parse(item("cells", "fixed"), "false"), false);
  assert.equal(parse(item("chip", "name"), " 3x5 "), "3x5");
});

test("an empty entry removes the value", () => {
  for (const key of ["channel width", "name"]) {
    assert.equal(parse(item("chip", key), " "), "");
  }
});

test("stored values are shown as they are entered", () => {
  assert.equal(format(true), "true");
  assert.equal(format(20), "20");
  assert.equal(format(null), "");
  assert.equal(format(undefined), "");
});

test("options and keys are those of the schema", () => {
  assert.equal(hasOption(item("general", "sample type"), "choices fixed"), true);
  assert.equal(hasOption(item("cells", "details"), "text"), true);
  assert.equal(hasOption(item("cells", "organism"), "text"), false);
  assert.equal(compositeKey("chip", "channel width"), "sp:chip:channel width");
});

test("only what makes sense is counted", () => {
  const chip = { chip: SCHEMA["chip"]! };
  assert.deepEqual(filled(chip, { "sp:chip:name": "3x5", "sp:chip:comments": "" }), { said: 1, all: 8 });
  assert.deepEqual(filled({ cells: SCHEMA["cells"]! }, {}), { said: 0, all: 0 });
});

test("numbers are written for people", () => {
  assert.equal(size(0), "0 bytes");
  assert.equal(size(999), "999 bytes");
  assert.equal(size(1_500), "1.5 kB");
  assert.equal(size(123_456_789), "123 MB");
  assert.equal(duration(0.2), "1 s");
  assert.equal(duration(90), "2 min");
  assert.equal(duration(3_700), "1 h 2 min");
});

test("speed is smoothed and never negative", () => {
  const meter = new Speedometer();
  assert.equal(meter.measure(0, 0), 0);
  assert.equal(meter.measure(1000, 1000), 1000);
  assert.equal(meter.measure(1000, 1100), 1000);
  assert.ok(meter.measure(0, 3000) >= 0);
});
