// Elements made and found; no HTML is ever parsed, so no text can become markup.

type Value = string | number | boolean | null | undefined;
export type Child = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  fill(element, ...children);
  return element;
}

/** Replace all children. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
}

/** An icon of the site's icon font; the words beside it say the same. */
export function icon(name: string): HTMLElement {
  return el("i", { class: `fa fa-${name}`, "aria-hidden": "true" });
}

export function button(text: string, look: string, iconName: string, act: () => void, label?: string): HTMLButtonElement {
  const made = el("button", { type: "button", class: `btn btn-sm ${look}`, "aria-label": label }, icon(iconName), ` ${text}`);
  made.addEventListener("click", act);
  return made;
}

/** An element of the page that must be there. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) {
    throw new Error(`The page has no ${selector}.`);
  }
  return found;
}

let count = 0;

export function freshId(name: string): string {
  count += 1;
  return `dcor-${name}-${count}`;
}

/** Set a text only if it is another one: screen readers read out what is set. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
