// The fields of the form: how each is read, shown and listened to. Values are those of the API.

import { find, say } from "../ui/dom.ts";
import { tagField } from "./tags.ts";
import { collectionField } from "./collections.ts";
import type { Call } from "../net/api.ts";

export interface Field {
  read: () => unknown;
  show: (value: unknown) => void;
  /** Called when a person has changed the value. */
  listen: (changed: () => void) => void;
  /** What gets the focus and says that it is invalid. */
  input: HTMLElement;
}

export type Fields = Map<string, Field>;

/** Texts, as they are typed. */
const TEXTS = ["title", "authors", "owner_org", "license_id", "notes"];

/** The fields in the order of the page. */
export function fieldsOf(form: HTMLElement, call: Call): Fields {
  const fields: Fields = new Map(TEXTS.map((name) => [name, textField(form, name)]));
  fields.set("tags", tagField(wrapper(form, "tags"), call));
  fields.set("references", lineField(form, "references"));
  fields.set("doi", textField(form, "doi"));
  fields.set("groups", collectionField(wrapper(form, "groups")));
  return fields;
}

/** Say beside each field what was refused. */
export function refuse(form: HTMLElement, fields: Fields, errors: ReadonlyMap<string, string>): void {
  for (const [name, field] of fields) {
    const text = errors.get(name) ?? "";
    say(find(wrapper(form, name), ".invalid-feedback"), text);
    wrapper(form, name).classList.toggle("dcor-invalid", Boolean(text));
    field.input.classList.toggle("is-invalid", Boolean(text));
    field.input.setAttribute("aria-invalid", String(Boolean(text)));
  }
}

function wrapper(form: HTMLElement, name: string): HTMLElement {
  return find(form, `[data-field="${name}"]`);
}

type TextInput = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function textField(form: HTMLElement, name: string): Field {
  const input = find<HTMLElement>(form, `[name="${name}"]`) as TextInput;
  return {
    input,
    read: () => input.value,
    show: (value) => {
      input.value = typeof value === "string" ? value : "";
    },
    listen: (changed) => input.addEventListener(input instanceof HTMLSelectElement ? "change" : "input", changed),
  };
}

/** A list that the API joins by commas and people write line by line. */
function lineField(form: HTMLElement, name: string): Field {
  const field = textField(form, name);
  const input = field.input as HTMLTextAreaElement;
  return {
    ...field,
    read: () => input.value.split(/[\n,]/).map((line) => line.trim()).filter(Boolean).join(", "),
    show: (value) => {
      input.value = typeof value === "string" ? value.split(", ").join("\n") : "";
    },
  };
}
