// Small controls that several parts of the page share.

import { el, freshId, type Child } from "./dom.ts";
import { icon, type IconName } from "./icons.ts";

export function button(text: string, click: () => void, sign?: IconName): HTMLButtonElement {
  return el(
    "button",
    { type: "button", class: "dcv-button", on: { click } },
    sign && icon(sign),
    text,
  );
}

/** A button that shows a sign only; its name is in the tool tip and for screen readers. */
export function iconButton(name: string, sign: IconName, click: () => void): HTMLButtonElement {
  const attributes = {
    type: "button",
    class: "dcv-button dcv-button-icon",
    "aria-label": name,
    title: name,
  };
  return el("button", { ...attributes, on: { click } }, icon(sign));
}

export interface Checkbox {
  element: HTMLElement;
  input: HTMLInputElement;
}

export function checkbox(
  text: string,
  checked: boolean,
  change: (checked: boolean) => void,
): Checkbox {
  const input = el("input", { type: "checkbox", on: { change: () => change(input.checked) } });
  input.checked = checked;
  return { element: el("label", { class: "dcv-check" }, input, text), input };
}

export interface Select {
  element: HTMLElement;
  input: HTMLSelectElement;
  setOptions: (options: readonly Option[], value: string) => void;
}

export type Option = readonly [value: string, text: string];

export function select(
  label: string,
  options: readonly Option[],
  value: string,
  change: (value: string) => void,
): Select {
  const id = freshId("select");
  const input = el("select", { id, class: "dcv-input", on: { change: () => change(input.value) } });
  const setOptions = (wanted: readonly Option[], chosen: string) => {
    input.replaceChildren(...wanted.map(([key, text]) => el("option", { value: key }, text)));
    input.value = chosen;
  };
  setOptions(options, value);
  return {
    element: el("div", { class: "dcv-field" }, el("label", { for: id }, label), input),
    input,
    setOptions,
  };
}

export interface Tab {
  title: string;
  content: HTMLElement;
  /** Called whenever the tab comes to the front. */
  show?: () => void;
}

/** Tabs after the pattern of the ARIA practices: arrow keys move, one tab stop. */
export function tabs(label: string, given: readonly Tab[]): HTMLElement {
  const list = el("div", { role: "tablist", "aria-label": label, class: "dcv-tabs" });
  const panels = given.map(({ content }) => {
    const id = freshId("panel");
    return el(
      "div",
      {
        role: "tabpanel",
        id,
        class: "dcv-tabpanel",
        "aria-labelledby": `${id}-tab`,
        tabindex: "0",
      },
      content,
    );
  });
  const buttons = given.map(({ title }, place) => {
    const id = panels[place]!.id;
    const attributes = {
      type: "button",
      role: "tab",
      id: `${id}-tab`,
      "aria-controls": id,
      class: "dcv-tab",
    };
    return el("button", { ...attributes, on: { click: () => activate(place) } }, title);
  });
  const activate = (chosen: number, focus = false) => {
    buttons.forEach((one, place) => {
      one.setAttribute("aria-selected", String(place === chosen));
      one.tabIndex = place === chosen ? 0 : -1;
      panels[place]!.hidden = place !== chosen;
    });
    if (focus) {
      buttons[chosen]!.focus();
    }
    given[chosen]!.show?.();
  };
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const now = buttons.findIndex((one) => one.tabIndex === 0);
      activate((now + step + buttons.length) % buttons.length, true);
    }
  });
  list.append(...buttons);
  activate(0);
  return el("div", { class: "dcv-more" }, list, ...panels);
}

/** A note for people; `role` makes a screen reader say it. */
export function notice(kind: "info" | "warning" | "error", ...children: Child[]): HTMLElement {
  return el(
    "p",
    { class: `dcv-notice dcv-notice-${kind}`, role: kind === "error" ? "alert" : null },
    ...children,
  );
}
