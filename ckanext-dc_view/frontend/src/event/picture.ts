// The image of an event with its contour and mask, and the switches for how to look at it.

import { withUnit } from "../math/format.ts";
import { checkbox, select } from "../ui/controls.ts";
import { el } from "../ui/dom.ts";
import {
  boundingBox,
  corrected,
  extremes,
  toPixels,
  wholeBox,
  type Box,
  type Grey,
} from "./grey.ts";
import type { EventData } from "./load.ts";

type Mode = "image" | "corrected" | "background" | "mask";

const MODES: readonly (readonly [Mode, string])[] = [
  ["image", "Image"],
  ["corrected", "Background corrected"],
  ["background", "Background"],
  ["mask", "Mask"],
];
const MARGIN = 5;
const MASK_TINT = [255, 80, 40] as const;

export interface Picture {
  element: HTMLElement;
  show: (data: EventData | null) => void;
}

export function picture(pixelSize: number | null): Picture {
  const look = { mode: "image" as Mode, contour: true, mask: false, crop: false, contrast: true };
  let data: EventData | null = null;
  const canvas = el("canvas", { class: "dcv-picture", role: "img" });
  const frame = el("div", { class: "dcv-picture-frame" }, canvas);
  const size = el("p", { class: "dcv-hint" });
  const redraw = () => data && draw(canvas, size, data, look, pixelSize);
  const mode = select("View", [], "image", (value) => {
    look.mode = value as Mode;
    redraw();
  });
  const toggle = (text: string, key: "contour" | "mask" | "crop" | "contrast") =>
    checkbox(text, look[key], (checked) => {
      look[key] = checked;
      redraw();
    });
  const contour = toggle("contour", "contour");
  const ofMask = [toggle("mask", "mask"), toggle("zoom to cell", "crop")];
  const toggles = [contour, ...ofMask, toggle("auto-contrast", "contrast")];
  const switches = el(
    "div",
    { class: "dcv-switches" },
    mode.element,
    ...toggles.map(({ element }) => element),
  );
  const element = el("div", { hidden: true }, frame, size, switches);
  new ResizeObserver(() => redraw()).observe(frame);
  const show = (given: EventData | null) => {
    data = given;
    const available = given ? MODES.filter(([key]) => sourceOf(given, key)) : [];
    element.hidden = available.length === 0;
    // what an event does not have is not offered
    contour.element.hidden = !given?.header.contour;
    ofMask.forEach((one) => (one.element.hidden = !given?.mask));
    if (!available.some(([key]) => key === look.mode)) {
      look.mode = available[0]?.[0] ?? "image";
    }
    mode.setOptions(available, look.mode);
    redraw();
  };
  return { element, show };
}

function sourceOf(data: EventData, mode: Mode): Grey | null {
  switch (mode) {
    case "corrected":
      return data.image && data.background ? corrected(data.image, data.background) : null;
    case "image":
      return data.image;
    case "background":
      return data.background;
    case "mask":
      return data.mask;
  }
}

interface Look {
  mode: Mode;
  contour: boolean;
  mask: boolean;
  crop: boolean;
  contrast: boolean;
}

function draw(
  canvas: HTMLCanvasElement,
  size: HTMLElement,
  data: EventData,
  look: Look,
  pixelSize: number | null,
): void {
  const source = sourceOf(data, look.mode);
  const space = canvas.parentElement!.clientWidth;
  if (!source || !space) {
    return;
  }
  const box = (look.crop && data.mask && boundingBox(data.mask, MARGIN)) || wholeBox(source);
  const scale = Math.min(space / box[2], 260 / box[3]);
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [
    Math.round(box[2] * scale * ratio),
    Math.round(box[3] * scale * ratio),
  ];
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  const range = look.contrast || look.mode === "mask" ? extremes(source, box) : ([0, 255] as const);
  context.drawImage(bitmap(toPixels(source, box, range), box), 0, 0, canvas.width, canvas.height);
  if (look.mask && data.mask && look.mode !== "mask") {
    context.drawImage(bitmap(tint(data.mask, box), box), 0, 0, canvas.width, canvas.height);
  }
  if (look.contour && data.header.contour) {
    outline(context, data.header.contour, box, scale * ratio);
  }
  canvas.setAttribute(
    "aria-label",
    `${MODES.find(([key]) => key === look.mode)![1]} of event ${data.event}`,
  );
  const [width, height] = [box[2], box[3]];
  const micro = pixelSize
    ? `, ${withUnit(width * pixelSize, "µm", 3)} × ${withUnit(height * pixelSize, "µm", 3)}`
    : "";
  size.textContent = `${width} × ${height} px${micro}`;
}

/** A canvas of the box's size, to be scaled up. */
function bitmap(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  [, , width, height]: Box,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d")!.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

function tint(mask: Grey, [left, top, width, height]: Box): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = mask.values[left + x + mask.width * (top + y)]! > 0;
      pixels.set([...MASK_TINT, inside ? 90 : 0], 4 * (x + width * y));
    }
  }
  return pixels;
}

function outline(
  context: CanvasRenderingContext2D,
  contour: readonly [number, number][],
  [left, top]: Box,
  scale: number,
): void {
  context.beginPath();
  for (const [x, y] of contour) {
    // The contour runs through the middle of pixels.
    context.lineTo((x - left + 0.5) * scale, (y - top + 0.5) * scale);
  }
  context.closePath();
  context.strokeStyle = "#ff3b30";
  context.lineWidth = 1.5 * devicePixelRatio;
  context.lineJoin = "round";
  context.stroke();
}
