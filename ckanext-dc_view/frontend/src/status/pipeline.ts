// What the server is still doing with the measurement: looks again by itself until it is ready.

import type { PageState, Step } from "../bundle/types.ts";
import { getJson, post } from "../net/api.ts";
import { button, notice } from "../ui/controls.ts";
import { el, fill } from "../ui/dom.ts";
import { pauseBefore } from "./pause.ts";
import { regeneration } from "./regenerate.ts";

const STATES: Record<Step["state"], string> = {
  pending: "waiting",
  running: "running",
  done: "done",
  failed: "failed",
  skipped: "not needed",
};

export interface PipelineStatus {
  element: HTMLElement;
  /** For those who may edit: makes an overview again that is there. */
  again: HTMLElement;
}

/** `ready` is called with the first state that has a bundle. */
export function pipelineStatus(
  first: PageState,
  ready: (state: PageState) => void,
): PipelineStatus {
  const list = el("ol", { class: "dcv-steps" });
  const said = el("p", { class: "dcv-unseen", role: "status" });
  const more = el("div");
  const element = el(
    "section",
    { class: "dcv-pipeline", "aria-label": "State of the processing" },
    list,
    more,
    said,
  );
  let opened = first.bundle !== null;
  let failures = 0;
  let quiet = 0;
  let before = progress(first);
  const again = regeneration(() => schedule(1));

  const show = (state: PageState) => {
    const waiting = state.pipeline.steps.some(
      ({ state: its }) => its !== "done" && its !== "skipped",
    );
    element.hidden = opened && !waiting;
    fill(list, ...state.pipeline.steps.map(stepItem));
    fill(more, ...advice(state, opened));
    if (state.retry) {
      more.append(retryButton(state.retry.url));
    }
    again.show(state);
    const running = state.pipeline.steps.find(({ state: its }) => its === "running");
    said.textContent = running ? `${running.title}: running` : "";
  };

  const retryButton = (url: string): HTMLElement => {
    const again = button("Try again", () => {
      again.disabled = true;
      post(url).then(
        // the table of the processing further down has to follow, too
        () => (document.querySelector(".dcor-processing") ? location.reload() : schedule(1)),
        (error: Error) => {
          again.disabled = false;
          fill(more, notice("error", error.message), again);
        },
      );
    });
    return el("div", { class: "dcv-retry" }, again);
  };

  const look = async () => {
    try {
      const state = await getJson<PageState>(first.endpoints.state);
      failures = 0;
      follow(state);
    } catch {
      failures += 1;
      schedule(pauseBefore(2, failures));
    }
  };

  const schedule = (seconds: number) =>
    setTimeout(() => (document.hidden ? schedule(seconds) : void look()), 1000 * seconds);

  const follow = (state: PageState) => {
    if (state.bundle && !opened) {
      opened = true;
      ready(state);
    }
    show(state);
    const after = state.pipeline.poll_after;
    quiet = progress(state) === before ? quiet + 1 : 0;
    before = progress(state);
    if (after !== null) {
      schedule(pauseBefore(after, quiet));
    }
  };

  show(first);
  if (first.pipeline.poll_after !== null) {
    schedule(first.pipeline.poll_after);
  }
  return { element, again: again.element };
}

/** Something that is different as soon as anything goes on. */
function progress({ pipeline }: PageState): string {
  return JSON.stringify(pipeline.steps.map(({ state, attempt }) => [state, attempt]));
}

function stepItem(step: Step): HTMLElement {
  const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : "";
  return el(
    "li",
    { class: `dcv-step dcv-step-${step.state}` },
    el("span", { class: "dcv-step-title" }, step.title),
    el("span", { class: "dcv-step-state" }, STATES[step.state] + attempt),
    step.state === "failed" &&
      el(
        "span",
        { class: "dcv-step-reason" },
        step.error_text ?? step.error_code ?? "The reason is not known.",
      ),
  );
}

function advice(state: PageState, opened: boolean): HTMLElement[] {
  if (state.pipeline.steps.some(({ error_code: code }) => code === "no-events")) {
    return [notice("info", "This measurement has no events: there is nothing to plot.")];
  }
  if (state.pipeline.failed && !opened) {
    const text = state.retry
      ? "The reason is above."
      : "Those who may edit the dataset can start it again.";
    return [
      notice("error", `A part of the processing has failed, so that there is no overview. ${text}`),
    ];
  }
  return opened
    ? []
    : [
        notice(
          "info",
          "The overview is being prepared. This page shows it as soon as it is ready.",
        ),
      ];
}
