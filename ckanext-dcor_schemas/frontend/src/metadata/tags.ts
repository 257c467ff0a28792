// Tags: typed, ended by Enter or a comma, removed by a button.

import type { Call } from "../net/api.ts";
import { el, fill, find, freshId, icon } from "../ui/dom.ts";
import type { Field } from "./fields.ts";

export function tagField(wrapper: HTMLElement, call: Call): Field {
  const input = find<HTMLInputElement>(wrapper, "input");
  const chips = find(wrapper, ".dcor-chips");
  const proposals = el("datalist", { id: freshId("tags") });
  input.setAttribute("list", proposals.id);
  wrapper.append(proposals);
  let names: string[] = [];
  let changed = () => {};

  const remove = (name: string) => {
    set(names.filter((one) => one !== name));
    input.focus();
  };
  const draw = () => fill(chips, ...names.map((name) => chip(name, () => remove(name))));
  const set = (wanted: string[]) => {
    names = [...new Set(wanted)];
    draw();
    changed();
  };
  const take = () => {
    const typed = input.value.split(",").map((text) => text.trim()).filter(Boolean);
    input.value = "";
    if (typed.length) {
      set([...names, ...typed]);
    }
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && input.value === "" && names.length) {
      set(names.slice(0, -1));
    }
  });
  input.addEventListener("change", take);
  input.addEventListener("input", () => void propose(call, input.value, proposals));
  return {
    input,
    read: () => names.map((name) => ({ name })),
    show: (value) => {
      names = Array.isArray(value) ? value.map((tag: { name: string }) => tag.name) : [];
      draw();
    },
    listen: (callback) => {
      changed = callback;
    },
  };
}

function chip(name: string, remove: () => void): HTMLElement {
  const close = el("button", { type: "button", class: "dcor-chip-remove", "aria-label": `Remove tag ${name}` }, icon("xmark"));
  close.addEventListener("click", remove);
  return el("li", { class: "dcor-chip" }, name, close);
}

let asked = "";

/** Tags that others use already. */
async function propose(call: Call, typed: string, list: HTMLElement): Promise<void> {
  asked = typed;
  if (typed.length < 2) {
    return;
  }
  const found = await call<string[]>("tag_autocomplete", { query: typed, limit: 8 }).catch(() => []);
  if (asked === typed) {
    fill(list, ...found.map((name) => el("option", { value: name })));
  }
}
