// What the pointer does on the plot, told in words of the plot: panning, zooming, picking, and the
// drawing of selections. Mouse, pen and fingers alike.

export type Tool = "pan" | "zoom" | "rectangle" | "polygon";
export type Place = readonly [number, number];

export interface GestureHandlers {
  tool: () => Tool;
  pan: (dx: number, dy: number) => void;
  zoom: (factor: number, at: Place) => void;
  pick: (at: Place) => void;
  hover: (at: Place | null) => void;
  /** A box is being drawn or (done) was drawn, with the tools zoom and rectangle. */
  box: (from: Place, to: Place, done: boolean) => void;
  /** A line is being drawn by hand or (done) was drawn, with the tool polygon. */
  lasso: (line: readonly Place[], done: boolean) => void;
  /** A corner was set, with the tool polygon. */
  corner: (at: Place) => void;
  /** The polygon is complete. */
  close: () => void;
  wheelRefused: () => void;
}

const CLICK_REACH = 5;

export function attachGestures(area: HTMLElement, handlers: GestureHandlers): void {
  const fingers = new Map<number, Place>();
  let start: Place | null = null;
  let last: Place = [0, 0];
  let moved = false;
  let line: Place[] = [];

  const placeOf = (event: MouseEvent): Place => {
    const box = area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) {
      return;
    }
    const place = placeOf(event);
    fingers.set(event.pointerId, place);
    area.setPointerCapture(event.pointerId);
    [start, last, moved, line] = [place, place, false, [place]];
  });

  area.addEventListener("pointermove", (event) => {
    const place = placeOf(event);
    if (!fingers.has(event.pointerId)) {
      handlers.hover(place);
      return;
    }
    const before = fingers.get(event.pointerId)!;
    fingers.set(event.pointerId, place);
    if (fingers.size === 2) {
      moved = true;
      pinch(before, place, [...fingers.entries()].find(([id]) => id !== event.pointerId)![1]);
    } else if (start) {
      moved ||= distance(start, place) > CLICK_REACH;
      if (moved) {
        drag(place);
      }
    }
    last = place;
  });

  const pinch = (before: Place, now: Place, other: Place) => {
    const middle: Place = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    handlers.zoom(distance(before, other) / Math.max(1, distance(now, other)), middle);
    handlers.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  };

  const drag = (place: Place) => {
    switch (handlers.tool()) {
      case "pan":
        handlers.pan(place[0] - last[0], place[1] - last[1]);
        break;
      case "polygon":
        if (distance(line[line.length - 1]!, place) > 3) {
          line.push(place);
          handlers.lasso(line, false);
        }
        break;
      default:
        handlers.box(start!, place, false);
    }
  };

  const end = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId) || !start) {
      return;
    }
    const place = placeOf(event);
    const tool = handlers.tool();
    if (event.type === "pointercancel") {
      handlers.hover(null);
    } else if (moved && tool === "polygon") {
      handlers.lasso(line, true);
    } else if (moved && tool !== "pan" && fingers.size === 0) {
      handlers.box(start, place, true);
    } else if (!moved && tool === "polygon") {
      handlers.corner(place);
    } else if (!moved) {
      handlers.pick(place);
    }
    start = fingers.size ? start : null;
  };
  area.addEventListener("pointerup", end);
  area.addEventListener("pointercancel", end);
  area.addEventListener("pointerleave", () => handlers.hover(null));
  area.addEventListener("dblclick", (event) => {
    event.preventDefault();
    if (handlers.tool() === "polygon") {
      handlers.close();
    } else {
      handlers.zoom(event.shiftKey ? 2 : 0.5, placeOf(event));
    }
  });
  area.addEventListener("wheel", (event) => wheel(event, area, placeOf, handlers), {
    passive: false,
  });
}

/** The wheel scrolls the page unless the plot has the focus (or Ctrl is held, or two fingers pinch). */
function wheel(
  event: WheelEvent,
  area: HTMLElement,
  placeOf: (event: MouseEvent) => Place,
  handlers: GestureHandlers,
): void {
  const focused = area.closest("[tabindex]")?.contains(document.activeElement);
  if (!focused && !event.ctrlKey && !event.metaKey) {
    handlers.wheelRefused();
    return;
  }
  event.preventDefault();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
  handlers.zoom(
    Math.exp(Math.max(-100, Math.min(100, event.deltaY * lines)) * 0.003),
    placeOf(event),
  );
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
