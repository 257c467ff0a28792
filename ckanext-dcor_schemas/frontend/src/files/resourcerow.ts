// One file of the dataset: its state, its description and what supplements it.

import { supplementForm } from "../supplements/form.ts";
import { filled, type Schema, type Supplements } from "../supplements/schema.ts";
import type { Resource } from "../types.ts";
import { button, el, find, freshId, say } from "../ui/dom.ts";
import { size } from "../ui/format.ts";

/** What is known of the checks of a file. */
export interface FileState {
  /** Word and look of its badge. */
  word: string;
  look: "good" | "bad" | "busy" | "neutral";
  text: string;
  /** Whether a check has failed that can be made again. */
  mayRetry?: boolean;
}

export interface ResourceActions {
  change: (id: string, key: string, value: unknown) => void;
  remove: (resource: Resource) => void;
  /** Check the file again. */
  retry: (resource: Resource) => void;
  /** Put the supplements of this file into all other measurements. */
  copy: (resource: Resource) => void;
}

export interface ResourceRow {
  element: HTMLElement;
  update: (resource: Resource, unsaved: ReadonlySet<string>) => void;
  /** Show what was typed on an earlier visit, or copied from another file. */
  type: (values: Supplements) => void;
  state: (state: FileState) => void;
  refuse: (errors: ReadonlyMap<string, string>) => void;
}

export function resourceRow(resource: Resource, schema: Schema | null, actions: ResourceActions): ResourceRow {
  let current = resource;
  const badge = el("span", { class: "dcor-badge" });
  const text = el("p", { class: "dcor-error" });
  const count = el("span", { class: "dcor-count" });
  const remove = button("Remove", "btn-link dcor-danger", "trash", () => actions.remove(current), `Remove ${resource.name} from the dataset`);
  const retry = button("Check again", "btn-secondary", "rotate-right", () => actions.retry(current), `Check ${resource.name} again`);
  retry.hidden = true;
  const form = schema ? supplementForm(schema, resource, (key, value) => actions.change(resource.id, key, value)) : null;
  const description = descriptionField(resource, (value) => actions.change(resource.id, "description", value));
  const copy = button("Use these details for all other measurements", "btn-secondary", "copy", () => actions.copy(current));
  const details = el(
    "details",
    { class: "dcor-details" },
    el("summary", {}, schema ? "Description and experimental details " : "Description ", count),
    el("div", { class: "dcor-details-body" }, description, form?.element, form ? el("p", { class: "dcor-copy" }, copy) : null),
  );
  const element = el(
    "li",
    { class: "dcor-file", "data-resource": resource.id, "data-measurement": schema !== null },
    el("div", { class: "dcor-file-head" }, el("span", { class: "dcor-name" }, resource.name), badge, el("div", { class: "dcor-buttons" }, retry, remove)),
    el("div", { class: "dcor-file-foot" }, el("span", { class: "dcor-detail" }, typeof resource.size === "number" ? size(resource.size) : "")),
    text,
    details,
  );
  const tell = (values: Resource) => {
    const { said, all } = schema ? filled(schema, values) : { said: 0, all: 0 };
    say(count, all ? `${said} of ${all} filled in` : "");
  };
  tell(resource);
  return {
    element,
    update: (next, unsaved) => {
      current = next;
      tell(next);
      showDescription(description, next, unsaved);
      form?.show(next, unsaved);
    },
    type: (values) => {
      form?.type(values);
      if (typeof values["description"] === "string") {
        find<HTMLTextAreaElement>(description, "textarea").value = values["description"];
      }
    },
    state: (state) => {
      say(badge, state.word);
      badge.dataset["look"] = state.look;
      say(text, state.text);
      retry.hidden = !state.mayRetry;
    },
    refuse: (errors) => {
      form?.refuse(errors);
      say(find(description, ".invalid-feedback"), errors.get("description") ?? "");
      details.open ||= errors.size > 0;
    },
  };
}

function descriptionField(resource: Resource, change: (value: string) => void): HTMLElement {
  const id = freshId("description");
  const input = el("textarea", { id, class: "form-control", rows: 2, "aria-describedby": `${id}-error` });
  input.value = resource.description ?? "";
  input.addEventListener("input", () => change(input.value));
  return el(
    "div",
    { class: "dcor-item dcor-description" },
    el("label", { for: id, class: "form-label" }, "Description of this file"),
    input,
    el("div", { id: `${id}-error`, class: "invalid-feedback" }),
  );
}

function showDescription(wrapper: HTMLElement, resource: Resource, unsaved: ReadonlySet<string>): void {
  const input = find<HTMLTextAreaElement>(wrapper, "textarea");
  if (document.activeElement !== input && !unsaved.has("description")) {
    input.value = resource.description ?? "";
  }
}
