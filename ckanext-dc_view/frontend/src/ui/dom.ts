// Elements of the page. Texts become text nodes: nothing is ever parsed as HTML.

export type Child = Node | string | null | undefined | false;

export interface Attributes {
  /** Handlers by name of the event. */
  on?: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };
  [name: string]: unknown;
}

/** A new element; attributes that are false, null or undefined are left out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      listen(made, value as Attributes["on"]);
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

function listen(element: HTMLElement, handlers: Attributes["on"]): void {
  for (const [name, handler] of Object.entries(handlers ?? {})) {
    element.addEventListener(name, handler as EventListener);
  }
}

let last = 0;

/** An identifier that no other element of the page has. */
export function freshId(name: string): string {
  last += 1;
  return `dcv-${name}-${last}`;
}

/** Replace the content of an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
}

/** Hand a file to the reader. */
export function download(
  name: string,
  content: Blob | string,
  type = "text/plain;charset=utf-8",
): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: name.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, "_") });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Act when what was just changed is on the screen. */
export function afterPainting(act: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(act));
}

/** Call at most once per pause of `wait` milliseconds, with the latest arguments. */
export function debounce<Given extends unknown[]>(
  call: (...given: Given) => void,
  wait: number,
): (...given: Given) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), wait);
  };
}
