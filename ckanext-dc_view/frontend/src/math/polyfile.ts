// Polygon filters as dclab, DCscope and Shape-Out read and write them (`.poly`).

import type { Point } from "./polygon.ts";

export interface NamedPolygon {
  name: string;
  x: string;
  y: string;
  points: readonly Point[];
}

/** Text of a `.poly` file with one filter. */
export function polyFile(polygon: NamedPolygon): string {
  const lines = [
    "[Polygon 00000000]",
    `X Axis = ${polygon.x}`,
    `Y Axis = ${polygon.y}`,
    // A line break would be a line of its own to the reader.
    `Name = ${polygon.name.replace(/[\r\n=[\]]+/g, " ").trim()}`,
    "Inverted = False",
    ...polygon.points.map(
      ([x, y], place) =>
        `point${String(place).padStart(8, "0")} = ${scientific(x)} ${scientific(y)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** As Python's `{:.15e}`: at least two digits in the exponent. */
export function scientific(value: number): string {
  return value.toExponential(15).replace(/e([+-])(\d)$/, "e$10$2");
}
