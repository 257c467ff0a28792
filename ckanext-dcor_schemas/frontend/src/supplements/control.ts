// The input for one item of the schema.

import { el, freshId } from "../ui/dom.ts";
import { format, hasOption, type Item } from "./schema.ts";

export type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface Control {
  /** Label, input, hint and place for an error. */
  element: HTMLElement;
  input: Input;
  error: HTMLElement;
}

export function control(item: Item, value: unknown): Control {
  const id = freshId("sp");
  const input = inputFor(item, id);
  input.value = format(value);
  input.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  const error = el("div", { id: `${id}-error`, class: "invalid-feedback" });
  const element = el(
    "div",
    { class: "dcor-item" },
    el("label", { for: id, class: "form-label" }, item.name, item.unit ? el("span", { class: "dcor-unit" }, ` [${item.unit}]`) : null),
    input,
    choices(item, input),
    el("div", { id: `${id}-hint`, class: "form-text" }, hint(item)),
    error,
  );
  return { element, input, error };
}

function inputFor(item: Item, id: string): Input {
  if (item.type === "boolean") {
    return select(id, [["true", "yes"], ["false", "no"]]);
  }
  if (item.choices && hasOption(item, "choices fixed")) {
    return select(id, item.choices.map((choice) => [String(choice), String(choice)]));
  }
  const placeholder = item.example === undefined ? null : `e.g. ${String(item.example)}`;
  if (hasOption(item, "text")) {
    return el("textarea", { id, class: "form-control", rows: 2, placeholder });
  }
  return el("input", { id, class: "form-control", placeholder, ...typeOf(item) });
}

function typeOf(item: Item): Record<string, string> {
  if (item.type === "integer") {
    return { type: "number", step: "1", inputmode: "numeric" };
  }
  if (item.type === "float") {
    return { type: "number", step: "any", inputmode: "decimal" };
  }
  return { type: item.type === "date" ? "date" : "text" };
}

function select(id: string, options: [string, string][]): HTMLSelectElement {
  const entries = [["", "not specified"], ...options];
  return el("select", { id, class: "form-select" }, ...entries.map(([value, text]) => el("option", { value }, text)));
}

/** Values that are proposed, but not the only ones. */
function choices(item: Item, input: Input): HTMLElement | null {
  if (!(input instanceof HTMLInputElement) || !item.choices) {
    return null;
  }
  const id = `${input.id}-choices`;
  input.setAttribute("list", id);
  return el("datalist", { id }, ...item.choices.map((choice) => el("option", { value: String(choice) })));
}

function hint(item: Item): string {
  const words = item.type === "list" ? "Several entries are separated by blanks." : "";
  return [item.hint ?? "", words].filter(Boolean).join(" ");
}
