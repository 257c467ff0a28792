// Many buttons that are one stop of the Tab key: arrow keys, Home and End move among them.

import { el, fill } from "./dom.ts";

export interface ButtonGrid {
  element: HTMLElement;
  /** Show other buttons. */
  show: (buttons: Iterable<HTMLElement>) => void;
}

export function buttonGrid(className: string, name: string): ButtonGrid {
  const element = el("div", { class: className, role: "group", "aria-label": name });
  let buttons: readonly HTMLElement[] = [];
  const stopAt = (wanted: HTMLElement | undefined) =>
    buttons.forEach((button) => (button.tabIndex = button === wanted ? 0 : -1));

  element.addEventListener("keydown", (event) => {
    const from = buttons.indexOf(event.target as HTMLElement);
    const to = from < 0 ? -1 : target(event.key, from, buttons.length, columnsOf(buttons));
    if (to >= 0 && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      buttons[to]!.focus();
    }
  });
  element.addEventListener("focusin", ({ target: focused }) => stopAt(focused as HTMLElement));
  return {
    element,
    show: (wanted) => {
      buttons = [...wanted];
      stopAt(buttons.find((one) => one.getAttribute("aria-pressed") === "true") ?? buttons[0]);
      fill(element, ...buttons);
    },
  };
}

/** Where a key leads to from a place in a grid; -1 if nowhere. */
export function target(key: string, from: number, count: number, columns: number): number {
  const places: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - columns,
    ArrowDown: from + columns,
    Home: 0,
    End: count - 1,
  };
  const to = Object.hasOwn(places, key) ? places[key]! : -1;
  return to < count ? Math.max(to, -1) : -1;
}

function columnsOf(buttons: readonly HTMLElement[]): number {
  const top = buttons[0]?.offsetTop;
  const second = buttons.findIndex((button) => button.offsetTop !== top);
  return second < 0 ? buttons.length : second;
}
