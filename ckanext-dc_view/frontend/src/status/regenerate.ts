// The button with which those who may edit let an overview that is there be made again.

import type { PageState, Step } from "../bundle/types.ts";
import { post } from "../net/api.ts";
import { button, notice } from "../ui/controls.ts";
import { el, fill } from "../ui/dom.ts";

export interface Regeneration {
  element: HTMLElement;
  /** Follow what the server says. */
  show: (state: PageState) => void;
}

/** How far the overview is, whatever has become of other steps. */
export function overviewOf({ pipeline }: Pick<PageState, "pipeline">): Step["state"] | undefined {
  return pipeline.steps.find(({ step }) => step === "overview")?.state;
}

/** `begun` is called when the server has agreed; the page is loaded again when it is ready. */
export function regeneration(begun: () => void): Regeneration {
  const host = el("div");
  const element = el("div", { class: "dcv-again" }, host);
  let isAsked = false;
  const show = (state: PageState) => {
    const { regenerate } = state;
    if (isAsked && overviewOf(state) === "failed") {
      // the steps say why, and offer another attempt
      isAsked = false;
      fill(host);
    }
    element.hidden = !regenerate && !isAsked;
    if (isAsked && overviewOf(state) === "done") {
      location.reload();
    } else if (!isAsked && regenerate) {
      fill(host, offer(regenerate.url));
    }
  };
  const offer = (url: string): HTMLElement => {
    const make = button("Make the overview again", () => {
      make.disabled = true;
      post(url).then(
        () => {
          isAsked = true;
          fill(
            host,
            notice("info", "The overview is being made again. Then this page loads by itself."),
          );
          begun();
        },
        (error: Error) => fill(host, notice("error", error.message), offer(url)),
      );
    });
    return make;
  };
  return { element, show };
}
