// The licence: a draft can only get a less restrictive one, so its change is asked for twice.

import type { Call } from "../net/api.ts";
import type { Facts } from "../types.ts";
import { confirm } from "../ui/dialog.ts";
import { el, fill, find } from "../ui/dom.ts";

interface Licence {
  id: string;
  title: string;
}

export interface Licences {
  /** Offer what may follow the stored licence. */
  stored: (id: string) => void;
}

export async function licences(form: HTMLElement, call: Call, facts: Facts): Promise<Licences> {
  const select = find<HTMLSelectElement>(form, '[name="license_id"]');
  const all = await call<Licence[]>("license_list");
  let current = "";
  const offer = () => {
    const ids = facts.licenses[current] ?? [current];
    const before = select.value;
    const first = current ? [] : [el("option", { value: "" }, "Please choose a licence")];
    const options = ids.map((id) => el("option", { value: id }, all.find((one) => one.id === id)?.title ?? id));
    fill(select, ...first, ...options);
    select.value = ids.includes(before) ? before : ids.length === 1 ? (ids[0] ?? "") : current;
  };
  select.addEventListener("change", (event) => {
    if (!current || select.value === current || !event.isTrusted) {
      return;
    }
    event.stopImmediatePropagation();
    const wanted = select.value;
    void ask(select, current).then((yes) => {
      select.value = yes ? wanted : current;
      if (yes) {
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });
  offer();
  return {
    stored: (id) => {
      current = id;
      offer();
    },
  };
}

async function ask(select: HTMLSelectElement, current: string): Promise<boolean> {
  const wanted = select.selectedOptions[0]?.text ?? select.value;
  return confirm({
    title: "Change the licence?",
    text: [`The dataset gets the licence “${wanted}” instead of ${current}.`, "You cannot choose a more restrictive licence afterwards."],
    yes: "Change the licence",
    no: "Keep it",
  });
}
