// The supplementary metadata of one resource: sections appear as soon as they make sense.

import { el, say } from "../ui/dom.ts";
import { control, type Control } from "./control.ts";
import { compositeKey, filled, format, itemApplies, parse, sectionApplies, type Item, type Schema, type Section, type Supplements } from "./schema.ts";

interface Row {
  section: Section;
  item: Item;
  control: Control;
}

export interface SupplementForm {
  element: HTMLElement;
  /** Take the values of the site, except for those that wait to be saved. */
  show: (values: Supplements, unsaved: ReadonlySet<string>) => void;
  /** Fill in values as if somebody had typed them. */
  type: (values: Supplements) => void;
  refuse: (errors: ReadonlyMap<string, string>) => void;
}

/** @param change - called with composite key and value. */
export function supplementForm(schema: Schema, values: Supplements, change: (key: string, value: unknown) => void): SupplementForm {
  const now: Supplements = { ...values };
  const rows: Row[] = [];
  const sections = Object.values(schema).map((section) => {
    const items = section.items.map((item) => {
      const key = compositeKey(section.key, item.key);
      const row = { section, item, control: control(item, values[key]) };
      rows.push(row);
      const { input } = row.control;
      input.addEventListener(input instanceof HTMLSelectElement ? "change" : "input", () => {
        if (input.validity.badInput) {
          return complain(row.control, "This is no number.");
        }
        now[key] = parse(item, input.value);
        arrange();
        change(key, now[key]);
      });
      return row.control.element;
    });
    const count = el("span", { class: "dcor-count" });
    const summary = el("summary", {}, section.name, " ", count);
    const details = el("details", { class: "dcor-section" }, summary, el("div", { class: "dcor-items" }, ...items));
    return { section, details, count };
  });

  const arrange = () => {
    for (const { section, details, count } of sections) {
      details.hidden = !sectionApplies(section, now) && !section.items.some((item) => itemApplies(section, item, now));
      const { said, all } = filled({ [section.key]: section }, now);
      say(count, said ? `${said} of ${all}` : "");
    }
    for (const { section, item, control: { element } } of rows) {
      element.hidden = !itemApplies(section, item, now);
    }
  };
  const first = sections[0]?.details;
  if (first) {
    first.open = true;
  }
  arrange();
  return {
    element: el("div", { class: "dcor-supplements" }, ...sections.map((one) => one.details)),
    show: (given, unsaved) => {
      for (const { section, item, control: { input } } of rows) {
        const key = compositeKey(section.key, item.key);
        if (!unsaved.has(key) && document.activeElement !== input) {
          now[key] = given[key];
          input.value = format(given[key]);
        }
      }
      arrange();
    },
    type: (given) => {
      for (const { section, item, control: { input } } of rows) {
        const key = compositeKey(section.key, item.key);
        if (key in given) {
          now[key] = given[key];
          input.value = format(given[key]);
        }
      }
      arrange();
    },
    refuse: (errors) => {
      for (const { section, item, control: { input, error } } of rows) {
        complain({ input, error }, errors.get(compositeKey(section.key, item.key)) ?? "");
      }
    },
  };
}

function complain({ input, error }: Pick<Control, "input" | "error">, text: string): void {
  say(error, text);
  input.classList.toggle("is-invalid", Boolean(text));
  input.setAttribute("aria-invalid", String(Boolean(text)));
}
