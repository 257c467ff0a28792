// Lines of equal elasticity for the pairs of features that dclab has them for.

import type { Bundle } from "../bundle/bundle.ts";
import type { IsoelasticTable } from "../bundle/types.ts";

const SIZES = ["area_um", "volume"];
const ROUNDNESSES = ["deform", "circ"];

export interface IsoelasticLine {
  /** Young's modulus [kPa], if medium and temperature are known. */
  emodulus: number | null;
  x: Float64Array;
  y: Float64Array;
}

/** Tables that fit to the axes, in either order; empty where isoelastics make no sense. */
export function tablesFor(
  tables: readonly IsoelasticTable[],
  x: string,
  y: string,
): IsoelasticTable[] {
  const size = SIZES.includes(x) ? x : y;
  const roundness = size === x ? y : x;
  if (!SIZES.includes(size) || !ROUNDNESSES.includes(roundness)) {
    return [];
  }
  return tables.filter((table) => table.x === size && table.y === "deform");
}

/** Lines of a table for the axes x and y; circularity is one minus deformation. */
export async function loadLines(
  bundle: Bundle,
  table: IsoelasticTable,
  { x, y, pixelated }: { x: string; y: string; pixelated: boolean },
): Promise<IsoelasticLine[]> {
  const pairs = await bundle.array(pixelated && table.pixelated ? table.pixelated : table);
  return split(pairs, table, x, y);
}

/** Cut the pairs of a table into lines. */
export function split(
  pairs: Float64Array,
  table: IsoelasticTable,
  x: string,
  y: string,
): IsoelasticLine[] {
  const swapped = y === table.x;
  const circ = x === "circ" || y === "circ";
  let start = 0;
  return table.counts.map((count, line) => {
    const part = pairs.subarray(2 * start, 2 * (start + count));
    start += count;
    const sizes = part.filter((_, place) => place % 2 === 0);
    const deform = part.filter((_, place) => place % 2 === 1);
    const roundness = circ ? deform.map((value) => 1 - value) : deform;
    const emodulus = table.emodulus?.[line] ?? null;
    return swapped ? { emodulus, x: roundness, y: sizes } : { emodulus, x: sizes, y: roundness };
  });
}
