// Pages of thumbnails, linked with the plot: pointing at one marks its event there, a click opens it.

import type { Sample } from "../explorer/sample.ts";
import { whole } from "../math/format.ts";
import type { Choice, Store } from "../state/store.ts";
import { checkbox, iconButton, notice, select } from "../ui/controls.ts";
import { el, fill } from "../ui/dom.ts";
import { buttonGrid } from "../ui/roving.ts";
import { byValue, pageOf, shuffled, type Order } from "./order.ts";
import type { Thumbnails } from "./thumbnail.ts";
import type { TileSource } from "./tiles.ts";

const PAGE = 48;
const ORDERS: readonly (readonly [Order, string])[] = [
  ["overview", "overview of the measurement"],
  ["index", "as measured"],
  ["x", "by horizontal axis"],
  ["y", "by vertical axis"],
  ["colour", "by colour"],
  ["random", "random"],
];

export interface Gallery {
  element: HTMLElement;
  /** Show it, now that it is in front. */
  open: () => void;
  /** Show only these events, or all (null). */
  restrict: (chosen: Uint8Array | null) => void;
}

export function gallery(
  sample: Sample,
  store: Store<Choice>,
  tiles: TileSource,
  pictures: Thumbnails,
  steps: () => Int16Array | null,
): Gallery {
  const now = {
    order: "overview" as Order,
    page: 0,
    contour: true,
    chosen: null as Uint8Array | null,
    open: false,
  };
  const grid = buttonGrid("dcv-gallery", "Events; arrow keys lead from one to the next");
  const pages = el("span", { class: "dcv-hint", role: "status" }, "loading…");
  const said = el("div");
  let stop = new AbortController();

  const events = async (): Promise<number[]> => {
    const { chosen, order } = now;
    if (order === "overview" && !chosen) {
      return tiles.overview;
    }
    await sample.loadIndex();
    const rows = Array.from(sample.index.keys()).filter((row) => !chosen || chosen[row] !== 0);
    return (await sorted(rows, order)).map((row) => sample.index[row]!);
  };

  const sorted = async (rows: number[], order: Order): Promise<number[]> => {
    const { x, y } = store.get();
    switch (order) {
      case "x":
        return byValue(rows, await sample.bundle.column(x));
      case "y":
        return byValue(rows, await sample.bundle.column(y));
      case "colour":
        return byValue(rows, Float64Array.from(steps() ?? new Int16Array(sample.size)));
      case "random":
        return shuffled(rows);
      default:
        return rows;
    }
  };

  const refresh = async () => {
    if (!now.open) {
      return;
    }
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    try {
      const all = await events();
      if (signal.aborted) {
        return; // something else was chosen meanwhile
      }
      const buttons = present(all);
      const found = await tiles.load([...buttons.keys()], signal);
      buttons.forEach((button, event) => pictures.paint(button, found.get(event), now.contour));
    } catch (error) {
      if (!signal.aborted) {
        fill(said, notice("warning", error instanceof Error ? error.message : String(error)));
      }
    }
  };

  /** Show a page of these events, still without their pictures. */
  const present = (all: readonly number[]): Map<number, HTMLElement> => {
    now.page = Math.min(now.page, Math.max(0, Math.ceil(all.length / PAGE) - 1));
    const shown = pageOf(all, now.page, PAGE);
    const start = now.page * PAGE;
    pages.textContent = all.length
      ? `${whole(start + 1)} to ${whole(start + shown.length)} of ${whole(all.length)}`
      : "no events";
    const buttons = new Map(shown.map((event) => [event, pictures.make(event)]));
    grid.show(buttons.values());
    fill(said);
    back.setAttribute("aria-disabled", String(start === 0));
    forth.setAttribute("aria-disabled", String(start + shown.length >= all.length));
    return buttons;
  };

  const turn = (by: number, button: HTMLElement) => {
    if (button.getAttribute("aria-disabled") !== "true") {
      now.page = Math.max(0, now.page + by);
      void refresh();
    }
  };
  // They keep the focus at the ends.
  const back = iconButton("Previous page", "previous", () => turn(-1, back));
  const forth = iconButton("Next page", "next", () => turn(1, forth));
  const order = select("Order", ORDERS, now.order, (value) => {
    Object.assign(now, { order: value as Order, page: 0 });
    void refresh();
  });
  const contour = checkbox("contour", now.contour, (checked) => {
    now.contour = checked;
    void refresh();
  });
  contour.element.hidden = !sample.bundle.header.images.mask;
  store.subscribe(({ event }, changed) => {
    if (changed.has("event")) {
      grid.element.querySelectorAll<HTMLElement>("[data-event]").forEach((one) => {
        one.setAttribute("aria-pressed", String(one.dataset["event"] === String(event)));
      });
    }
    if (changed.has("x") || changed.has("y") || changed.has("colour")) {
      void refresh();
    }
  });
  const head = el(
    "div",
    { class: "dcv-gallery-head" },
    order.element,
    contour.element,
    el("div", { class: "dcv-pager" }, back, pages, forth),
  );
  const missing = sample.bundle.header.sprites.missing;
  return {
    element: el("div", {}, head, missing && notice("info", missing.text), said, grid.element),
    open: () => {
      now.open = true;
      void refresh();
    },
    restrict: (chosen) => {
      Object.assign(now, { chosen, page: 0 });
      void refresh();
    },
  };
}
