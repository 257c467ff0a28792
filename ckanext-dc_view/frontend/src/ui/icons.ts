// The few signs of the toolbar: paths on a field of 16 × 16, drawn as lines.

const PATHS = {
  pan: "M8 1v14M1 8h14M8 1 6 3M8 1l2 2M8 15l-2-2M8 15l2-2M1 8l2-2M1 8l2 2M15 8l-2-2M15 8l-2 2",
  zoom: "M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2M11 11l4 4",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  reset: "M2 6V2h4M14 6V2h-4M2 10v4h4M14 10v4h-4",
  rectangle: "M2 4h12v8H2z",
  polygon: "M8 2 14 6 12 13H4L2 6z",
  download: "M8 2v8M5 7l3 3 3-3M2 13h12",
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
  copy: "M5 5h8v9H5zM3 11V2h8",
  close: "M3 3l10 10M13 3 3 13",
  chart: "M2 2v12h12M4 11l3-4 3 2 4-5",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "dcv-icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}
