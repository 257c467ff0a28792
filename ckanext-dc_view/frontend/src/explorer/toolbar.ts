// The row above the plot: what the pointer does, zoom, and what can be saved.

import type { Tool } from "../plot/gestures.ts";
import { iconButton } from "../ui/controls.ts";
import type { Kind } from "./save.ts";
import { el } from "../ui/dom.ts";
import { icon, type IconName } from "../ui/icons.ts";

const TOOLS: readonly (readonly [Tool, string, IconName])[] = [
  ["pan", "Move the plot; click an event to see it", "pan"],
  ["zoom", "Draw a box to zoom into", "zoom"],
  ["rectangle", "Draw a rectangle to select events", "rectangle"],
  ["polygon", "Set corners or draw by hand to select events", "polygon"],
];

export interface ToolbarActions {
  tool: (tool: Tool) => void;
  zoomIn: () => void;
  zoomOut: () => void;
  reset: () => void;
  save: (kind: Kind) => void;
}

export function toolbar(actions: ToolbarActions): HTMLElement {
  return el(
    "div",
    { class: "dcv-toolbar", role: "group", "aria-label": "Tools of the plot" },
    toolButtons(actions.tool),
    el(
      "div",
      { class: "dcv-segment" },
      iconButton("Zoom in", "plus", actions.zoomIn),
      iconButton("Zoom out", "minus", actions.zoomOut),
      iconButton("Show the usual limits", "reset", actions.reset),
    ),
    saveMenu(actions.save),
  );
}

function toolButtons(choose: (tool: Tool) => void): HTMLElement {
  const buttons = TOOLS.map(([tool, name, sign]) => {
    const made = iconButton(name, sign, () => activate(tool));
    made.dataset["tool"] = tool;
    return made;
  });
  const activate = (tool: Tool) => {
    buttons.forEach((one) =>
      one.setAttribute("aria-pressed", String(one.dataset["tool"] === tool)),
    );
    choose(tool);
  };
  activate("pan");
  return el(
    "div",
    { class: "dcv-segment", role: "group", "aria-label": "What the pointer does" },
    ...buttons,
  );
}

function saveMenu(save: ToolbarActions["save"]): HTMLElement {
  const item = (kind: Kind, text: string) =>
    el("button", { type: "button", class: "dcv-menu-item", on: { click: () => pick(kind) } }, text);
  const menu = el(
    "details",
    { class: "dcv-menu" },
    el("summary", { class: "dcv-button" }, icon("download"), "Save"),
    el(
      "div",
      { class: "dcv-menu-items" },
      item("png", "Picture (PNG)"),
      item("svg", "Drawing (SVG)"),
      item("csv", "Values shown (CSV)"),
    ),
  );
  const pick = (kind: Kind) => {
    menu.open = false;
    save(kind);
  };
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary")!.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target as Node)) {
      menu.open = false;
    }
  });
  return menu;
}
