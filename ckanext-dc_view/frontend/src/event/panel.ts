// The panel beside the plot: one event after the other.

import type { PageState } from "../bundle/types.ts";
import { neighbour } from "../explorer/keyboard.ts";
import { axisLabel, type Sample } from "../explorer/sample.ts";
import { number, parse, whole } from "../math/format.ts";
import type { Choice, Store } from "../state/store.ts";
import { iconButton, notice } from "../ui/controls.ts";
import { debounce, el, fill } from "../ui/dom.ts";
import { loadEvent, loadValues, type EventData } from "./load.ts";
import { picture } from "./picture.ts";
import { traces } from "./traces.ts";
import { valueList } from "./values.ts";

export interface EventPanel {
  element: HTMLElement;
}

type Values = ReadonlyMap<string, number>;

/** `invitation` is shown until an event is chosen; `found` is told the values of each. */
export function eventPanel(
  sample: Sample,
  store: Store<Choice>,
  endpoints: PageState["endpoints"],
  invitation: HTMLElement,
  found: (event: number, values: Values) => void,
): EventPanel {
  const parts = {
    picture: picture(sample.bundle.header.images.pixel_size),
    traces: traces(),
    values: valueList(sample.bundle),
    notes: el("div", { class: "dcv-event-notes" }),
    said: el("p", { class: "dcv-unseen", role: "status" }),
  };
  const head = spinner(sample, store);
  let stop = new AbortController();

  const fetchData = debounce(async (event: number, itsValues: Promise<Values | null>) => {
    const { signal } = stop;
    try {
      const data = await loadEvent(endpoints.event, event, signal);
      const values = await itsValues;
      if (!signal.aborted) {
        arrived(data, values ?? new Map());
      }
    } catch (error) {
      if (!signal.aborted) {
        refused(error);
      }
    }
  }, 90);

  const arrived = (data: EventData, values: Values) => {
    parts.picture.show(data);
    parts.traces.show(data, values);
    fill(parts.notes, ...data.header.missing.map(({ text }) => notice("info", text)));
    parts.notes.removeAttribute("aria-busy");
  };

  const refused = (error: unknown) => {
    parts.picture.show(null);
    parts.traces.show(null, new Map());
    fill(parts.notes, notice("warning", error instanceof Error ? error.message : String(error)));
    parts.notes.removeAttribute("aria-busy");
  };

  const tell = (event: number, values: Values) => {
    const { x, y, colour } = store.get();
    void parts.values.show(values, [x, y, colour]);
    const said = [x, y].map(
      (name) => `${axisLabel(sample.feature(name))} ${number(values.get(name), 4)}`,
    );
    parts.said.textContent = `Event ${event}: ${said.join(", ")}`;
  };

  /** The values of a sampled event are in the bundle: they are here before its image. */
  const loadAndTell = async (event: number, signal: AbortSignal): Promise<Values | null> => {
    try {
      await sample.loadIndex();
      const row = sample.rowOf(event);
      const values =
        row < 0 ? await loadValues(endpoints.event, event, signal) : await sample.bundle.row(row);
      if (!signal.aborted) {
        found(event, values);
        tell(event, values);
      }
      return values;
    } catch (error) {
      if (!signal.aborted) {
        void parts.values.show(null);
        parts.said.textContent = error instanceof Error ? error.message : String(error);
      }
      return null;
    }
  };

  const show = (event: number | null) => {
    stop.abort();
    stop = new AbortController();
    invitation.hidden = event !== null;
    if (event === null) {
      return;
    }
    parts.notes.setAttribute("aria-busy", "true");
    fetchData(event, loadAndTell(event, stop.signal));
  };

  store.subscribe(({ event }, changed) => changed.has("event") && show(event));
  show(store.get().event);
  const body = [
    invitation,
    parts.picture.element,
    parts.notes,
    parts.traces.element,
    parts.values.element,
    parts.said,
  ];
  return { element: el("section", { class: "dcv-event", "aria-label": "Event" }, head, ...body) };
}

/** Previous, number, next. */
function spinner(sample: Sample, store: Store<Choice>): HTMLElement {
  const step = (by: number) => store.set({ event: neighbour(store.get().event, by, sample) });
  const read = () => {
    const wanted = parse(field.value);
    const sound =
      wanted !== null && Number.isInteger(wanted) && wanted >= 0 && wanted < sample.total;
    field.setAttribute("aria-invalid", String(!sound));
    if (sound) {
      store.set({ event: wanted });
    }
  };
  const field = el("input", {
    type: "text",
    inputmode: "numeric",
    class: "dcv-input dcv-input-number",
    "aria-label": "Number of the event, counted from 0",
    on: { change: read, keydown: (event) => event.key === "Enter" && read() },
  });
  const last = sample.total ? `0 … ${whole(sample.total - 1)}` : "none";
  store.subscribe(({ event }) => {
    field.value = event === null ? "" : String(event);
    field.removeAttribute("aria-invalid");
  });
  field.value = store.get().event === null ? "" : String(store.get().event);
  return el(
    "div",
    { class: "dcv-event-head" },
    el("h2", { class: "dcv-heading" }, "Event"),
    iconButton("Previous event", "previous", () => step(-1)),
    field,
    iconButton("Next event", "next", () => step(1)),
    el("span", { class: "dcv-hint", title: "Events are counted from 0, as in dclab" }, last),
  );
}
