// The scatter plot as a drawing (SVG), made from the same numbers as the one on the screen.

import { css, STEPS } from "../math/colour.ts";
import { number } from "../math/format.ts";
import type { Point } from "../math/polygon.ts";
import { forward, linearTicks, logTicks, tickTexts, type Range } from "../math/scale.ts";
import type { IsoelasticLine } from "./isoelastics.ts";
import { placeLabel, type Box } from "./labels.ts";

export interface SvgAxis {
  label: string;
  log: boolean;
  /** Transformed. */
  range: Range;
}

export interface SvgContent {
  x: SvgAxis;
  y: SvgAxis;
  points: { x: Float64Array; y: Float64Array; steps: Int16Array; chosen: Uint8Array | null };
  lines: readonly IsoelasticLine[];
  polygon: readonly Point[] | null;
  title: string;
}

const [LEFT, TOP, WIDTH, HEIGHT] = [80, 40, 480, 400];
const GREY = "#bbb";
const LABEL = { font: 11, height: 13, perSign: 6.2 };

export function svgPlot(content: SvgContent): string {
  const place = placer(content);
  const total = `${LEFT + WIDTH + 20} ${TOP + HEIGHT + 60}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total}" font-family="sans-serif" font-size="13">`,
    `<title>${escape(content.title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<clipPath id="area"><rect x="${LEFT}" y="${TOP}" width="${WIDTH}" height="${HEIGHT}"/></clipPath>`,
    `<g clip-path="url(#area)">`,
    ...circles(content, place),
    ...content.lines.map(
      (line) => `<path d="${path(line, place, content)}" fill="none" stroke="#555"/>`,
    ),
    content.polygon
      ? `<path d="${outline(content.polygon, place, content)}" fill="none" stroke="#2c55a4" stroke-width="1.5"/>`
      : "",
    "</g>",
    ...labels(content, place),
    ...horizontalTicks(content.x, place),
    ...verticalTicks(content.y, place),
    `<rect x="${LEFT}" y="${TOP}" width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#000"/>`,
    `<text x="${LEFT + WIDTH / 2}" y="${TOP + HEIGHT + 44}" text-anchor="middle">${escape(content.x.label)}</text>`,
    `<text transform="translate(22 ${TOP + HEIGHT / 2}) rotate(-90)" text-anchor="middle">${escape(content.y.label)}</text>`,
    `<text x="${LEFT}" y="${TOP - 14}">${escape(content.title)}</text>`,
    "</svg>",
  ].join("\n");
}

type Placer = (x: number, y: number) => [number, number];

function placer({
  x: {
    range: [left, right],
  },
  y: {
    range: [low, high],
  },
}: SvgContent): Placer {
  return (x, y) => [
    LEFT + ((x - left) / (right - left)) * WIDTH,
    TOP + ((high - y) / (high - low)) * HEIGHT,
  ];
}

/** One path per colour; a line of no length with round ends is a circle. */
function circles({ points, x, y }: SvgContent, place: Placer): string[] {
  const byColour = new Map<string, string[]>();
  points.steps.forEach((step, event) => {
    const [px, py] = [points.x[event]!, points.y[event]!];
    if (!(px >= x.range[0] && px <= x.range[1] && py >= y.range[0] && py <= y.range[1])) {
      return;
    }
    const grey = step < 0 || points.chosen?.[event] === 0;
    const colour = grey ? GREY : css(STEPS[step]!);
    byColour.set(colour, byColour.get(colour) ?? []);
    byColour.get(colour)!.push(`M${pair(place(px, py))}h0`);
  });
  const sorted = [...byColour].sort(([a], [b]) => (a === GREY ? -1 : b === GREY ? 1 : 0));
  return sorted.map(
    ([colour, dots]) =>
      `<path d="${dots.join("")}" stroke="${colour}" stroke-width="3" stroke-linecap="round"/>`,
  );
}

function path(line: IsoelasticLine, place: Placer, { x, y }: SvgContent): string {
  const places = Array.from(line.x, (value, step) =>
    place(forward(value, x.log), forward(line.y[step]!, y.log)),
  );
  return join(places);
}

/** Young's moduli at the lines: clear of one another, and on white where events are below. */
function labels({ lines, x, y }: SvgContent, place: Placer): string[] {
  const taken: Box[] = [];
  return lines.flatMap((line) => {
    const text = line.emodulus === null ? "" : `${number(line.emodulus, 3)} kPa`;
    const places = Array.from(line.x, (value, step) => {
      const [left, top] = place(forward(value, x.log), forward(line.y[step]!, y.log));
      return [left - LEFT, top - TOP] as const;
    }).filter((at) => at.every(Number.isFinite));
    const size = [LABEL.perSign * text.length, LABEL.height] as const;
    const area = { width: WIDTH, height: HEIGHT };
    const box = text ? placeLabel(places, size, area, taken, []) : null;
    if (!box) {
      return [];
    }
    taken.push(box);
    const at = pair([LEFT + box[0] + box[2], TOP + box[1] + LABEL.height / 2]).split(" ");
    const looks = `stroke="#fff" stroke-width="3" paint-order="stroke" fill="#000"`;
    return `<text x="${at[0]}" y="${at[1]}" dy="0.35em" text-anchor="end" font-size="${LABEL.font}" ${looks}>${text}</text>`;
  });
}

function outline(polygon: readonly Point[], place: Placer, { x, y }: SvgContent): string {
  return `${join(polygon.map(([a, b]) => place(forward(a, x.log), forward(b, y.log))))}Z`;
}

function join(places: readonly [number, number][]): string {
  const finite = places.filter((at) => at.every(Number.isFinite));
  return finite.map((at, step) => `${step ? "L" : "M"}${pair(at)}`).join("");
}

function pair([x, y]: readonly [number, number]): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function ticks({ log, range }: SvgAxis, wanted: number): [number, string][] {
  const places = log ? logTicks(range, wanted) : linearTicks(range, wanted);
  const texts = log ? places.map((at) => number(10 ** at, 3)) : tickTexts(places);
  return places.map((at, turn) => [at, texts[turn]!]);
}

function horizontalTicks(axis: SvgAxis, place: Placer): string[] {
  return ticks(axis, 6).map(([at, text]) => {
    const x = place(at, 0)[0].toFixed(1);
    const bottom = TOP + HEIGHT;
    return `<path d="M${x} ${bottom}v5" stroke="#000"/><text x="${x}" y="${bottom + 20}" text-anchor="middle">${text}</text>`;
  });
}

function verticalTicks(axis: SvgAxis, place: Placer): string[] {
  return ticks(axis, 7).map(([at, text]) => {
    const y = place(0, at)[1].toFixed(1);
    return `<path d="M${LEFT} ${y}h-5" stroke="#000"/><text x="${LEFT - 9}" y="${y}" dy="0.35em" text-anchor="end">${text}</text>`;
  });
}

function escape(text: string): string {
  // Control characters are not allowed in XML at all.
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
  return clean.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
