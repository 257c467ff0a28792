// The reader's choice as the end of the address, so that a link shows the same to somebody else:
// `#view:x=area_um&y=deform&c=density&e=46`. Only what differs from the defaults is written.

import type { Point } from "../math/polygon.ts";
import type { Range } from "../math/scale.ts";
import type { Choice, Shape } from "./store.ts";

/** How an address with a choice begins. */
export const HASH_MARK = "#view:";
const MOST_POINTS = 2000;

export function toHash(choice: Choice, defaults: Choice): string {
  const parts = new URLSearchParams();
  const put = (key: string, value: string, standard: string) => {
    if (value !== standard) {
      parts.set(key, value);
    }
  };
  put("x", choice.x, defaults.x);
  put("y", choice.y, defaults.y);
  put("xl", flag(choice.xLog), flag(defaults.xLog));
  put("yl", flag(choice.yLog), flag(defaults.yLog));
  put("c", choice.colour, defaults.colour);
  put("xr", range(choice.xRange), "");
  put("yr", range(choice.yRange), "");
  put("iso", choice.lut ?? "", defaults.lut ?? "");
  put("px", flag(choice.pixelated), flag(defaults.pixelated));
  put("sel", choice.shape ? shape(choice.shape) : "", "");
  put("e", choice.event === null ? "" : String(choice.event), "");
  // Commas and colons need no escape in a fragment and are easier to read.
  const text = parts
    .toString()
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":")
    .replaceAll("%3B", ";");
  return text ? HASH_MARK + text : "";
}

/** The choice in an address; what is not understood is left at its default. */
export function fromHash(hash: string, defaults: Choice, features: ReadonlySet<string>): Choice {
  if (!hash.startsWith(HASH_MARK)) {
    return defaults;
  }
  const parts = new URLSearchParams(hash.slice(HASH_MARK.length));
  const feature = (key: string, standard: string) => {
    const value = parts.get(key);
    return value !== null && features.has(value) ? value : standard;
  };
  const flagged = (key: string, standard: boolean) =>
    parts.has(key) ? parts.get(key) === "1" : standard;
  const colour = parts.get("c") ?? "";
  const event = parts.get("e") ?? "";
  return {
    x: feature("x", defaults.x),
    y: feature("y", defaults.y),
    xLog: flagged("xl", defaults.xLog),
    yLog: flagged("yl", defaults.yLog),
    colour:
      colour === "density" || colour === "none" || features.has(colour) ? colour : defaults.colour,
    xRange: readRange(parts.get("xr")),
    yRange: readRange(parts.get("yr")),
    lut: parts.has("iso") ? parts.get("iso") || null : defaults.lut,
    pixelated: flagged("px", defaults.pixelated),
    shape: readShape(parts.get("sel"), features),
    event: /^\d{1,12}$/.test(event) ? Number(event) : null,
  };
}

function flag(value: boolean): string {
  return value ? "1" : "0";
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function range(value: Range | null): string {
  return value ? value.map(short).join(",") : "";
}

function readRange(text: string | null): Range | null {
  const [low, high, ...rest] = (text ?? "").split(",").map(Number);
  return rest.length === 0 && Number.isFinite(low) && Number.isFinite(high) && low! < high!
    ? [low!, high!]
    : null;
}

function shape({ x, y, points }: Shape): string {
  return [x, y, points.map((point) => point.map(short).join(",")).join(";")].join(":");
}

function readShape(text: string | null, features: ReadonlySet<string>): Shape | null {
  const [x, y, corners] = (text ?? "").split(":");
  const points = (corners ?? "").split(";").map((point) => point.split(",").map(Number));
  const sound = points.length >= 3 && points.length <= MOST_POINTS && points.every(isPoint);
  return x && y && features.has(x) && features.has(y) && sound
    ? { x, y, points: points as unknown as Point[] }
    : null;
}

function isPoint(values: number[]): boolean {
  return values.length === 2 && values.every(Number.isFinite);
}
