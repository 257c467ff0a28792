// The plot without a pointer.

import type { Choice, Store } from "../state/store.ts";
import type { Sample } from "./sample.ts";
import type { Stage } from "./stage.ts";

const STEP = 60;

/** Keys while the plot has the focus. */
export function plotKeys(stage: Stage, store: Store<Choice>, sample: Sample): void {
  const step = (by: number) => store.set({ event: neighbour(store.get().event, by, sample) });
  const actions: Record<string, () => void> = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    "Shift+ArrowLeft": () => stage.pan(STEP, 0),
    "Shift+ArrowRight": () => stage.pan(-STEP, 0),
    "Shift+ArrowUp": () => stage.pan(0, STEP),
    "Shift+ArrowDown": () => stage.pan(0, -STEP),
    "+": () => stage.zoom(0.8),
    "=": () => stage.zoom(0.8),
    "-": () => stage.zoom(1.25),
    "0": () => stage.reset(),
    Enter: () => stage.drawing.close(),
    Escape: () => (stage.drawing.draft ? stage.drawing.cancel() : store.set({ shape: null })),
    Backspace: () => stage.drawing.removeCorner(),
  };
  stage.host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== stage.host) {
      return;
    }
    const named =
      event.key.startsWith("Arrow") && event.shiftKey ? `Shift+${event.key}` : event.key;
    const action = Object.hasOwn(actions, named) ? actions[named] : undefined;
    if (action) {
      event.preventDefault();
      action();
    }
  });
}

/** The event before or after another one; the first of all to begin with. */
export function neighbour(event: number | null, by: number, sample: Sample): number | null {
  if (sample.total === 0) {
    return null;
  }
  return event === null ? 0 : Math.min(sample.total - 1, Math.max(0, event + by));
}
