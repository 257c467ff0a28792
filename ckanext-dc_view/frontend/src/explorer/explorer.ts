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
import { tablesFor } from "../plot/isoelastics.ts";
import { fromHash, toHash } from "../state/hash.ts";
import { Store, type Choice } from "../state/store.ts";
import { statisticsTable } from "../statistics/table.ts";
import { notice, tabs } from "../ui/controls.ts";
import { debounce, el, fill } from "../ui/dom.ts";
import { axisControls } from "./axes.ts";
import { colourBar } from "./colourbar.ts";
import { plotKeys } from "./keyboard.ts";
import { limitControls } from "./limits.ts";
import { Sample } from "./sample.ts";
import { saveDrawing, savePicture, saveValues } from "./save.ts";
import { selectionBar } from "./selection.ts";
import { coordinates, Stage } from "./stage.ts";
import { toolbar } from "./toolbar.ts";
import { tooltip } from "./tooltip.ts";

/** Load the bundle and fill `root`; resolves when the first plot is there. */
export async function openExplorer(root: HTMLElement, state: PageState): Promise<void> {
  const renew = async () => (await getJson<PageState>(withQuery(state.endpoints.state, { signed: 1 }))).bundle;
  const bundle = await Bundle.open(new RangeSource(state.bundle!, renew));
  const { header } = bundle;
  const notes = header.notes.map(({ text }) => notice("info", text));
  if (!header.axes || header.event_count === 0) {
    const why = header.event_count === 0 ? "This measurement has no events." : "There are no two features to plot.";
    fill(root, notice("info", why), ...notes);
    return;
  }
  const sample = new Sample(bundle);
  const store = new Store(initialChoice(header));
  await assemble(root, sample, store, state, notes);
  followAddress(store, header);
}

async function assemble(
  root: HTMLElement,
  sample: Sample,
  store: Store<Choice>,
  state: PageState,
  notes: readonly HTMLElement[],
): Promise<void> {
  const name = fileName(state, sample.bundle.header);
  const tiles = new TileSource(sample.bundle, state.endpoints.batch);
  const message = el("div", { class: "dcv-message", role: "status" });
  const tip = tooltip();
  const bar = colourBar(sample);
  const selection = selectionBar(sample, store, name);
  const fail = (error: unknown) => fill(message, notice("error", error instanceof Error ? error.message : String(error)));
  const forget = debounce(() => fill(message), 2500);

  const stage: Stage = new Stage(sample, store, {
    chosen: (chosen) => {
      selection.show(store.get().shape, false);
      pictures.restrict(chosen);
      figures.restrict(chosen);
    },
    colours: (scale) => bar.show(scale, store.get()),
    hovered: (row, at) => tip.show(row === null ? null : coordinates(stage, sample, store.get(), row), at),
    drafted: () => stage.tool !== "zoom" && selection.show(stage.drawing.shape ?? store.get().shape, stage.drawing.shape !== null),
    viewed: () => limits.follow(),
    failed: fail,
    hint: (text) => {
      fill(message, notice("info", text));
      forget();
    },
  }, root);
  const small = thumbnails(sample, store, (row) => stage.highlight(row));
  const pictures = gallery(sample, store, tiles, small, () => stage.scale?.steps ?? null);
  const figures = statisticsTable(sample, name);
  const limits = limitControls(stage.plot, store, () => stage.drawing.everythingShown());
  const typical = invitation(tiles, small);
  const panel = eventPanel(sample, store, state.endpoints, typical.element, (event, values) => stage.showStranger(event, values));
  const tools = toolbar({
    tool: (tool) => stage.setTool(tool),
    zoomIn: () => stage.zoom(0.7),
    zoomOut: () => stage.zoom(1 / 0.7),
    reset: () => stage.reset(),
    save: (kind) => {
      const save = {
        png: () => savePicture(stage.plot, name),
        svg: () => saveDrawing(stage, sample, store.get(), name),
        csv: () => void saveValues(stage, sample, store.get(), name).catch(fail),
      };
      save[kind]();
    },
  });
  const host = stage.element.querySelector<HTMLElement>(".dcv-plot")!;
  host.tabIndex = 0;
  host.setAttribute("role", "application");
  host.append(tip.element);
  plotKeys(host, stage, store, sample);
  fill(
    root,
    axisControls(sample, store),
    el(
      "div",
      { class: "dcv-main" },
      el(
        "div",
        { class: "dcv-left" },
        el("div", { class: "dcv-plot-head" }, tools, bar.element),
        stage.element,
        message,
        limits.element,
        selection.element,
        ...notes,
        tabs("More about the events", [
          { title: "Gallery", content: pictures.element, show: () => whenSeen(pictures.element, pictures.open) },
          { title: "Statistics", content: figures.element, show: figures.open },
        ]),
      ),
      panel.element,
    ),
  );
  await stage.refresh();
  sample.loadIndex().catch(fail);
  if (store.get().event === null) {
    void typical.load();
  }
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

/** Isoelastics and density as DCscope shows them, and what the address says. */
function initialChoice(header: ViewHeader): Choice {
  return fromHash(location.hash, defaults(header), new Set(header.features.map(({ name }) => name)));
}

function defaults({ axes, isoelastics }: ViewHeader): Choice {
  const { x, y } = axes!;
  const lut = tablesFor(isoelastics.lines, x, y)[0]?.lut ?? null;
  return {
    x,
    y,
    xLog: false,
    yLog: false,
    colour: "density",
    xRange: null,
    yRange: null,
    lut,
    pixelated: true,
    shape: null,
    event: null,
  };
}

function followAddress(store: Store<Choice>, header: ViewHeader): void {
  const standard = defaults(header);
  const features = new Set(header.features.map(({ name }) => name));
  let written = location.hash;
  store.subscribe(
    debounce((choice: Readonly<Choice>) => {
      written = toHash(choice, standard);
      history.replaceState(history.state, "", location.pathname + location.search + written);
    }, 200),
  );
  addEventListener("hashchange", () => {
    if (location.hash !== written && location.hash.startsWith("#view:")) {
      store.set(fromHash(location.hash, standard, features));
    }
  });
}

/** Name of the measurement without its suffix. */
function fileName(state: PageState, header: ViewHeader): string {
  return (state.resource.name || header.sample || "measurement").replace(/\.[^.]+$/, "");
}
