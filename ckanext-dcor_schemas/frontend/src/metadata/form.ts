// The description of the dataset: saved by itself as soon as the draft exists.

import type { Call } from "../net/api.ts";
import type { Values } from "../state/memory.ts";
import type { Dataset, Facts, Group } from "../types.ts";
import { circles, type Circles } from "./circles.ts";
import { offerCollections } from "./collections.ts";
import { fieldsOf, refuse, type Fields } from "./fields.ts";
import { licences, type Licences } from "./licences.ts";

/** Without these the site takes no dataset. */
const REQUIRED = ["title", "authors", "owner_org", "license_id"];

export class MetadataForm {
  readonly #form: HTMLElement;
  readonly #fields: Fields;
  readonly #circles: Circles;
  readonly #licences: Licences;

  static async make(form: HTMLElement, call: Call, facts: Facts): Promise<MetadataForm> {
    const fields = fieldsOf(form, call);
    // Their listeners come first: the change of a licence may be taken back.
    const [foundCircles, foundLicences, collections] = await Promise.all([
      circles(form, call, facts),
      licences(form, call, facts),
      call<Group[]>("group_list_authz", { am_member: true }).catch(() => []),
    ]);
    offerCollections(form, collections);
    return new MetadataForm(form, fields, foundCircles, foundLicences);
  }

  private constructor(form: HTMLElement, fields: Fields, foundCircles: Circles, foundLicences: Licences) {
    this.#form = form;
    this.#fields = fields;
    this.#circles = foundCircles;
    this.#licences = foundLicences;
  }

  listen(changed: (name: string, value: unknown) => void): void {
    for (const [name, field] of this.#fields) {
      field.listen(() => changed(name, field.read()));
    }
  }

  /** Everything that was filled in. */
  values(): Values {
    const entries = [...this.#fields].map(([name, field]) => [name, field.read()] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== "" && !(Array.isArray(value) && !value.length)));
  }

  /** Show what the site has, except where somebody is typing or something waits to be saved. */
  showDataset(dataset: Dataset, unsaved: ReadonlySet<string> = new Set()): void {
    this.#licences.stored(dataset.license_id);
    for (const [name, field] of this.#fields) {
      const place = field.input.closest("[data-field]");
      if (!unsaved.has(name) && !place?.contains(document.activeElement)) {
        field.show((dataset as unknown as Values)[name]);
      }
    }
  }

  fixCircle(isFixed: boolean): void {
    this.#circles.fix(isFixed ? "A dataset that has files stays in its circle." : "");
  }

  /** Show what was typed on an earlier visit. */
  showValues(values: Values): void {
    for (const [name, value] of Object.entries(values)) {
      this.#fields.get(name)?.show(value);
    }
  }

  refuse(errors: ReadonlyMap<string, string>): void {
    refuse(this.#form, this.#fields, errors);
  }

  /** What is missing before the draft can be made, by field. */
  missing(): Map<string, string> {
    const empty = REQUIRED.filter((name) => !this.#fields.get(name)?.read());
    return new Map(empty.map((name) => [name, "This is needed."]));
  }

  /** The first field, in the order of the page, that one of these errors is about. */
  first(errors: ReadonlyMap<string, string>): string | null {
    return [...this.#fields.keys()].find((name) => errors.has(name)) ?? null;
  }

  focus(name: string): void {
    const input = this.#fields.get(name)?.input;
    input?.scrollIntoView({ block: "center" });
    input?.focus({ preventScroll: true });
  }
}
