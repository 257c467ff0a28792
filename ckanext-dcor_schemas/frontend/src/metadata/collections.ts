// Collections that the dataset is in: a box to tick for each that the user may fill.

import type { Group } from "../types.ts";
import { el, fill, find, freshId } from "../ui/dom.ts";
import type { Field } from "./fields.ts";

const OFFERED = new WeakMap<HTMLElement, (groups: Group[]) => void>();

export function collectionField(wrapper: HTMLElement): Field {
  const list = find(wrapper, ".dcor-collections");
  let offered: Group[] = [];
  let chosen: Group[] = [];
  let changed = () => {};

  const draw = () => {
    const own = new Set(offered.map((group) => group.id));
    const all = [...offered, ...chosen.filter((group) => !own.has(group.id))];
    wrapper.hidden = !all.length;
    fill(list, ...all.map((group) => box(group, own.has(group.id))));
  };
  const box = (group: Group, isOwn: boolean) => {
    const id = freshId("collection");
    const checked = chosen.some((one) => one.id === group.id);
    const input = el("input", { type: "checkbox", class: "form-check-input", id, checked, disabled: !isOwn });
    input.addEventListener("change", () => {
      chosen = chosen.filter((one) => one.id !== group.id);
      chosen = input.checked ? [...chosen, group] : chosen;
      changed();
    });
    const title = group.display_name || group.title || group.name;
    return el("li", { class: "form-check" }, input, el("label", { class: "form-check-label", for: id }, title));
  };
  OFFERED.set(wrapper, (groups) => {
    offered = groups;
    draw();
  });
  draw();
  return {
    input: list,
    read: () => chosen.map(({ id, name }) => ({ id, name })),
    show: (value) => {
      chosen = Array.isArray(value) ? (value as Group[]) : [];
      draw();
    },
    listen: (callback) => {
      changed = callback;
    },
  };
}

/** Offer the collections that the user may fill. */
export function offerCollections(form: HTMLElement, groups: Group[]): void {
  OFFERED.get(find(form, '[data-field="groups"]'))?.(groups);
}
