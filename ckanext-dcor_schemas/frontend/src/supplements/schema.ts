// The schema of the supplementary metadata, as the site tells it.

export type Requirements = Record<string, Record<string, unknown[]>>;

export interface Item {
  key: string;
  name: string;
  type: string;
  hint?: string;
  unit?: string;
  example?: unknown;
  choices?: unknown[];
  options?: string[] | string;
  requires?: Requirements;
}

export interface Section {
  key: string;
  name: string;
  hint?: string;
  requires?: Requirements;
  items: Item[];
}

/** Answer of `resource_schema_supplements`. */
export type Schema = Record<string, Section>;

/** Values of a resource by composite key; empty texts stand for "nothing said". */
export type Supplements = Record<string, unknown>;

export function compositeKey(section: string, item: string): string {
  return `sp:${section}:${item}`;
}

/** Whether a section makes sense after what was said so far. */
export function sectionApplies(section: Section, values: Supplements): boolean {
  return fulfilled(section.requires, values);
}

/** The requirements of an item take the place of those of its section. */
export function itemApplies(section: Section, item: Item, values: Supplements): boolean {
  return fulfilled(item.requires ?? section.requires, values);
}

function fulfilled(requires: Requirements | undefined, values: Supplements): boolean {
  return Object.entries(requires ?? {}).every(([section, keys]) =>
    Object.entries(keys).every(([key, allowed]) => allowed.includes(values[compositeKey(section, key)])),
  );
}

export function hasOption(item: Item, option: string): boolean {
  const options = item.options ?? [];
  return (Array.isArray(options) ? options : [options]).includes(option);
}

/** What a person entered as the API takes it; the site judges it. */
export function parse(item: Item, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") {
    return "";
  }
  if (item.type === "boolean") {
    return trimmed === "true";
  }
  if (item.type === "integer" || item.type === "float") {
    const number = Number(trimmed);
    return Number.isFinite(number) ? number : trimmed;
  }
  return trimmed;
}

/** A stored value as it is shown in a form. */
export function format(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** How many of the items that make sense say something, and how many there are. */
export function filled(schema: Schema, values: Supplements): { said: number; all: number } {
  let said = 0;
  let all = 0;
  for (const section of Object.values(schema)) {
    for (const item of section.items.filter((one) => itemApplies(section, one, values))) {
      all += 1;
      said += format(values[compositeKey(section.key, item.key)]) === "" ? 0 : 1;
    }
  }
  return { said, all };
}
