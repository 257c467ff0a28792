// Bundles the TypeScript of the plugins into their webassets: `make assets`.
//
// One script per page, without modules and without `eval`, so that the strictest content security
// policy is enough. What is built is in no commit: it is made when the suite is installed.

import { copyFile, mkdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

// Entries by plugin, the style sheets of packages that they use, and what a script may weigh
// compressed [bytes].
const PLUGINS = {
  dc_view: {
    entries: ["viewer.ts", "logs.ts"],
    styles: { "uplot.css": "uplot/dist/uPlot.min.css" },
    budget: 80_000,
  },
  dcor_schemas: { entries: ["editor.ts"], styles: {}, budget: 30_000 },
};

for (const [plugin, { entries, styles, budget }] of Object.entries(PLUGINS)) {
  const sources = `ckanext-${plugin}/frontend/src`;
  const built = `ckanext-${plugin}/ckanext/${plugin}/assets/build`;
  if (!existsSync(sources)) {
    continue;
  }
  await mkdir(built, { recursive: true });
  await build({
    entryPoints: entries.map((entry) => `${sources}/${entry}`),
    outdir: built,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome109", "firefox115", "safari16.4"],
    legalComments: "none",
    banner: { js: "/* AGPL-3.0-or-later; packages in it: see package.json of the source */" },
    logLevel: "warning",
  });
  for (const [name, source] of Object.entries(styles)) {
    await copyFile(`node_modules/${source}`, `${built}/${name}`);
  }
  for (const entry of entries) {
    await weigh(`${built}/${entry.replace(/\.ts$/, ".js")}`, budget);
  }
}

async function weigh(path, budget) {
  const size = gzipSync(await readFile(path), { level: 9 }).length;
  console.log(`${path.split("/").at(-1)}: ${(size / 1000).toFixed(1)} kB compressed`);
  if (size > budget) {
    throw new Error(`${path} is larger than ${budget / 1000} kB: leave something out`);
  }
}
