// The circle that owns the dataset; whoever has none yet makes one here.

import { ApiError, type Call } from "../net/api.ts";
import { sentence } from "../net/refusals.ts";
import type { Facts, Group } from "../types.ts";
import { el, fill, find, say } from "../ui/dom.ts";

export interface Circles {
  /** A draft that has files stays in its circle. */
  fix: (reason: string) => void;
}

export async function circles(form: HTMLElement, call: Call, facts: Facts): Promise<Circles> {
  const select = find<HTMLSelectElement>(form, '[name="owner_org"]');
  const wrapper = find(form, '[data-field="owner_org"]');
  const asked = { permission: "create_dataset" };
  const found = await call<Group[]>("organization_list_for_user", asked);
  offer(select, found, facts.circle);
  const maker = find<HTMLDetailsElement>(wrapper, "details");
  maker.hidden = !facts.may_create_circles;
  maker.open = found.length === 0;
  makeCircle(maker, call, (circle) => {
    found.push(circle);
    offer(select, found, circle.id);
    maker.open = false;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
  return {
    fix: (reason) => {
      select.disabled = Boolean(reason);
      maker.hidden = Boolean(reason) || !facts.may_create_circles;
      say(find(wrapper, ".dcor-fixed"), reason);
    },
  };
}

function offer(select: HTMLSelectElement, found: readonly Group[], wanted: string): void {
  const before = select.value;
  const options = found.map((circle) => el("option", { value: circle.id }, circle.title || circle.display_name || circle.name));
  const first = found.length === 1 ? [] : [el("option", { value: "" }, found.length ? "Please choose a circle" : "You have no circle yet")];
  fill(select, ...first, ...options);
  const chosen = found.find((circle) => [wanted, before].includes(circle.id) || circle.name === wanted);
  select.value = chosen?.id ?? (found.length === 1 ? (found[0]?.id ?? "") : "");
}

function makeCircle(maker: HTMLElement, call: Call, made: (circle: Group) => void): void {
  const input = find<HTMLInputElement>(maker, "input");
  const error = find(maker, ".invalid-feedback");
  const create = async () => {
    const title = input.value.trim();
    const name = slug(title);
    if (name.length < 2) {
      return complain("Please give the circle a name.");
    }
    try {
      made(await call<Group>("organization_create", { name, title }));
      input.value = "";
      complain("");
    } catch (refusal) {
      complain(refusal instanceof ApiError ? sentence(refusal.message, refusal.fields) : String(refusal));
    }
  };
  const complain = (text: string) => {
    say(error, text);
    input.classList.toggle("is-invalid", Boolean(text));
  };
  find(maker, "button").addEventListener("click", () => void create());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      void create();
    }
  });
}

/** Name in addresses: letters, digits, dashes. */
export function slug(title: string): string {
  const plain = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 90);
}
