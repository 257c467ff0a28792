// The last part of the page: what is missing, who may see the dataset, and the button.

import { ApiError } from "../net/api.ts";
import { sentence } from "../net/refusals.ts";
import { confirm } from "../ui/dialog.ts";
import { el, fill, find, say } from "../ui/dom.ts";
import type { Dataset } from "../types.ts";
import type { Judgement } from "./problems.ts";

export interface PublishPanel {
  show: (judgement: Judgement, dataset: Dataset | null) => void;
}

export interface PublishOptions {
  root: HTMLElement;
  mayBePublic: boolean;
  /** Activates the dataset, and leads to its page. */
  publish: (isPublic: boolean) => Promise<void>;
  /** Called before anything is judged or published. */
  settle: () => Promise<void>;
}

export function publishPanel({ root, mayBePublic, publish, settle }: PublishOptions): PublishPanel {
  const list = find(root, "#dcor-problems");
  const hints = find<HTMLDetailsElement>(root, "#dcor-hints");
  const choice = find(root, "#dcor-visibility");
  const button = find<HTMLButtonElement>(root, "#dcor-publish");
  const answer = find(root, "#dcor-publish-answer");
  let judgement: Judgement = { problems: [], hints: [] };
  let shown: Dataset | null = null;

  const isPublic = () => mayBePublic && (!shown?.private || find<HTMLInputElement>(choice, '[value="public"]').checked);
  const act = async () => {
    say(answer, "");
    await settle();
    if (judgement.problems.length) {
      list.focus();
      list.scrollIntoView({ block: "center" });
      return;
    }
    if (!(await confirm(question(isPublic())))) {
      return;
    }
    busy(true);
    try {
      await publish(isPublic());
    } catch (error) {
      say(answer, error instanceof ApiError ? sentence(error.message, error.fields) : String(error));
      busy(false);
    }
  };
  const busy = (isBusy: boolean) => {
    button.disabled = isBusy;
    button.setAttribute("aria-busy", String(isBusy));
    root.classList.toggle("dcor-busy", isBusy);
  };
  button.addEventListener("click", () => void act());
  choice.addEventListener("change", () => {
    say(find(button, "span"), isPublic() ? "Publish dataset" : "Activate dataset");
  });
  return {
    show: (next, dataset) => {
      judgement = next;
      shown = dataset;
      root.classList.toggle("dcor-ready", !next.problems.length);
      fill(list, ...next.problems.map((text) => el("li", {}, text)));
      hints.hidden = !next.hints.length;
      say(find(hints, "summary span"), `(${next.hints.length})`);
      fill(find(hints, "ul"), ...next.hints.map((text) => el("li", {}, text)));
      choice.hidden = !mayBePublic || dataset?.private === false;
      find(root, "#dcor-is-public").hidden = dataset?.private !== false;
      find(root, "#dcor-is-private").hidden = mayBePublic;
      button.setAttribute("aria-disabled", String(next.problems.length > 0));
      say(find(button, "span"), isPublic() ? "Publish dataset" : "Activate dataset");
    },
  };
}

function question(isPublic: boolean) {
  const seen = isPublic
    ? "Everybody will be able to see and download it. It cannot be made private again."
    : "It stays private: only the members of its circle and the people you share it with see it. You can make it public later.";
  return {
    title: isPublic ? "Publish this dataset?" : "Activate this dataset?",
    text: ["This is final: afterwards neither files nor their description can be changed, so that the dataset can be cited.", seen],
    yes: isPublic ? "Publish dataset" : "Activate dataset",
    no: "Not yet",
  };
}
