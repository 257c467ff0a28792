// Puts the parts of the viewer together: controls, plot, event panel, gallery, statistics.

import { Bundle } from "../bundle/bundle.ts";
import { RangeSource } from "../bundle/source.ts";
import type { PageState, ViewHeader } from "../bundle/types.ts";
import { eventPanel } from "../event/panel.ts";
import { gallery } from "../gallery/gallery.ts";
import { invitation } from "../gallery/invitation.ts";
import { thumbnails } from "../gallery/thumbnail.ts";
import { TileSource } from "../gallery/tiles.ts";
import { getJson, withQuery } from "../net/api.ts";
import type { Choice, Store } from "../state/store.ts";
import { statisticsTable } from "../statistics/table.ts";
import { notice, tabs } from "../ui/controls.ts";
import { debounce, el, fill } from "../ui/dom.ts";
import { choiceStore } from "./address.ts";
import { axisControls } from "./axes.ts";
import { colourBar } from "./colourbar.ts";
import { plotKeys } from "./keyboard.ts";
import { limitControls } from "./limits.ts";
import { attachPointer } from "./pointer.ts";
import { Sample } from "./sample.ts";
import { save } from "./save.ts";
import { selectionBar } from "./selection.ts";
import { Stage, type StageListener } from "./stage.ts";
import { toolbar } from "./toolbar.ts";
import { tooltip } from "./tooltip.ts";
import { coordinates } from "./words.ts";

/** What can wait until the first plot is on the screen. */
export type Rest = () => void;

/** Load the bundle and fill `root`; resolves when the first plot is there. */
export async function openExplorer(root: HTMLElement, state: PageState): Promise<Rest> {
  const renew = async () => {
    const fresh = await getJson<PageState>(withQuery(state.endpoints.state, { signed: 1 }));
    return fresh.bundle;
  };
  const bundle = await Bundle.open(new RangeSource(state.bundle!, renew));
  const { header } = bundle;
  const notes = header.notes.map(({ text }) => notice("info", text));
  if (!header.axes || header.event_count === 0) {
    const why = header.event_count
      ? "There are no two features to plot."
      : "This measurement has no events.";
    fill(root, notice("info", why), ...notes);
    return () => {};
  }
  return assemble(root, new Sample(bundle), choiceStore(header), state, notes);
}

async function assemble(
  root: HTMLElement,
  sample: Sample,
  store: Store<Choice>,
  state: PageState,
  notes: readonly HTMLElement[],
): Promise<Rest> {
  const name = fileName(state, sample.bundle.header);
  const tiles = new TileSource(sample.bundle, state.endpoints.batch);
  const message = el("div", { class: "dcv-message", role: "status" });
  const tip = tooltip();
  const bar = colourBar(sample);
  const selection = selectionBar(sample, store, name);
  const fail = (error: unknown) =>
    fill(message, notice("error", error instanceof Error ? error.message : String(error)));
  const forget = debounce(() => fill(message), 2500);

  const listener: StageListener = {
    chosen: (chosen) => {
      selection.show(store.get().shape, false);
      pictures.restrict(chosen);
      figures.restrict(chosen);
    },
    colours: (scale) => bar.show(scale, store.get()),
    hovered: (row, at) => {
      const { shown } = stage;
      tip.show(row === null || !shown ? null : coordinates(sample, shown, store.get(), row), at);
    },
    drafted: () => {
      const { shape } = stage.drawing;
      if (stage.tool !== "zoom") {
        selection.show(shape ?? store.get().shape, shape !== null);
      }
    },
    viewed: () => limits.follow(),
    failed: fail,
    hint: (text) => {
      fill(message, notice("info", text));
      forget();
    },
  };
  const stage = new Stage(sample, store, listener, root);
  const small = thumbnails(sample, store, (row) => stage.highlight(row));
  const pictures = gallery(sample, store, tiles, small, () => stage.scale?.steps ?? null);
  const figures = statisticsTable(sample, name);
  const limits = limitControls(stage.plot, store, () => stage.drawing.everythingShown());
  const typical = invitation(tiles, small);
  const panel = eventPanel(sample, store, state.endpoints, typical.element, (event, values) =>
    stage.showEvent(event, values),
  );
  const tools = toolbar({
    tool: (tool) => stage.setTool(tool),
    zoomIn: () => stage.zoom(0.7),
    zoomOut: () => stage.zoom(1 / 0.7),
    reset: () => stage.reset(),
    save: (kind) => void save(kind, stage, sample, store.get(), name).catch(fail),
  });
  attachPointer(stage, sample, store, listener);
  plotKeys(stage, store, sample);
  stage.host.append(tip.element);

  // Those of the overview are in the bundle; those of a selection are asked for one by one.
  const openPictures = () =>
    store.get().shape ? whenSeen(pictures.element, pictures.open) : pictures.open();
  let rest = () => {};
  const plotted = new Promise<void>((done) => (rest = done));
  const more = tabs("More about the events", [
    {
      title: "Gallery",
      content: pictures.element,
      show: () => void plotted.then(openPictures),
    },
    { title: "Statistics", content: figures.element, show: figures.open },
  ]);
  const head = el("div", { class: "dcv-plot-head" }, tools, bar.element);
  const left = [head, stage.element, message, limits.element, selection.element, ...notes, more];
  fill(
    root,
    axisControls(sample, store),
    el("div", { class: "dcv-main" }, el("div", { class: "dcv-left" }, ...left), panel.element),
  );
  await stage.refresh();
  return () => {
    rest();
    sample.loadIndex().catch(fail);
    if (store.get().event === null) {
      void typical.load();
    }
  };
}

/** Thumbnails are loaded when one scrolls to them. */
function whenSeen(element: Element, act: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) {
      observer.disconnect();
      act();
    }
  });
  observer.observe(element);
}

/** Name of the measurement without its suffix. */
function fileName(state: PageState, header: ViewHeader): string {
  return (state.resource.name || header.sample || "measurement").replace(/\.[^.]+$/, "");
}
