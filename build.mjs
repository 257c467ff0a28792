// Bundles the TypeScript of the plugins into their webassets: `make assets`.
//
// One script per page, without modules and without `eval`, so that the strictest content security
// policy is enough. What is built is in no commit: it is made when the suite is installed.

import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const VIEWER = "ckanext-dc_view/frontend/src";
const BUILT = "ckanext-dc_view/ckanext/dc_view/assets/build";
// The page's whole script, compressed; a promise of issue 6.
const BUDGET = 80_000;

await build({
  entryPoints: [`${VIEWER}/viewer.ts`, `${VIEWER}/logs.ts`],
  outdir: BUILT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  banner: { js: "/* AGPL-3.0-or-later; contains uPlot (MIT, Leon Sorokin) */" },
  logLevel: "warning",
});
await writeFile(`${BUILT}/uplot.css`, await readFile("node_modules/uplot/dist/uPlot.min.css"));

for (const name of ["viewer.js", "logs.js"]) {
  const size = gzipSync(await readFile(`${BUILT}/${name}`), { level: 9 }).length;
  console.log(`${name}: ${(size / 1000).toFixed(1)} kB compressed`);
  if (size > BUDGET) {
    throw new Error(`${name} is larger than ${BUDGET / 1000} kB: leave something out`);
  }
}
