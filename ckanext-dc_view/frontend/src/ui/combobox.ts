// A select with a search box and groups, after the combobox pattern of the ARIA practices.

import { el, fill, freshId } from "./dom.ts";
import { grouped, matching, type Entry } from "./entries.ts";

export interface Combobox {
  element: HTMLElement;
  input: HTMLInputElement;
  set: (value: string) => void;
}

export function combobox(
  label: string,
  entries: readonly Entry[],
  value: string,
  change: (value: string) => void,
): Combobox {
  const id = freshId("combo");
  const list = el("div", {
    role: "listbox",
    id: `${id}-list`,
    class: "dcv-options",
    "aria-label": label,
    hidden: true,
  });
  const input = el("input", {
    id,
    class: "dcv-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  });
  let chosen = value;
  let options: HTMLElement[] = [];
  let active = -1;

  const textOf = (wanted: string) =>
    entries.find((entry) => entry.value === wanted)?.text ?? wanted;
  const show = () => {
    input.value = textOf(chosen);
    input.title = input.value;
  };

  const mark = (place: number) => {
    options[active]?.classList.remove("dcv-active");
    active = place;
    const option = options[place];
    option?.classList.add("dcv-active");
    option?.scrollIntoView({ block: "nearest" });
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const open = (search: string) => {
    const found = matching(entries, search);
    options = [];
    fill(list, ...grouped(found).map(([group, members]) => groupElement(group, members)));
    if (!found.length) {
      fill(
        list,
        el(
          "div",
          {
            class: "dcv-option-none",
            role: "option",
            "aria-disabled": "true",
            "aria-selected": "false",
          },
          "Nothing found",
        ),
      );
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(
      search
        ? found.length
          ? 0
          : -1
        : options.findIndex((option) => option.dataset["value"] === chosen),
    );
  };

  const groupElement = (group: string, members: readonly Entry[]) => {
    const title = freshId("group");
    const made = members.map((entry) =>
      el(
        "div",
        {
          role: "option",
          id: freshId("option"),
          class: "dcv-option",
          "data-value": entry.value,
          "aria-selected": String(entry.value === chosen),
        },
        entry.text,
      ),
    );
    options.push(...made);
    return el(
      "div",
      { role: "group", "aria-labelledby": title },
      el("div", { id: title, class: "dcv-option-group", role: "presentation" }, group),
      ...made,
    );
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    show();
  };

  const pick = (option: HTMLElement | undefined) => {
    const wanted = option?.dataset["value"];
    if (wanted !== undefined) {
      const differs = wanted !== chosen;
      chosen = wanted;
      close();
      if (differs) {
        change(wanted);
      }
    }
  };

  input.addEventListener("click", () => list.hidden && (input.select(), open("")));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) {
        open("");
      } else if (options.length) {
        mark(Math.min(options.length - 1, Math.max(0, active + step)));
      }
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      pick(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
      input.select();
    }
  });
  // Before the input loses the focus.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    pick((event.target as HTMLElement).closest<HTMLElement>("[data-value]") ?? undefined);
  });

  show();
  const element = el(
    "div",
    { class: "dcv-field dcv-combo" },
    el("label", { for: id }, label),
    input,
    list,
  );
  return {
    element,
    input,
    set: (wanted) => {
      chosen = wanted;
      show();
    },
  };
}
