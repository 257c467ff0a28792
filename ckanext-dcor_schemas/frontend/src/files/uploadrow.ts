// One unfinished upload in the list of files.

import { button, el, fill, say } from "../ui/dom.ts";
import { duration, size, Speedometer } from "../ui/format.ts";
import type { Upload } from "./upload.ts";

export interface RowActions {
  choose: (upload: Upload) => void;
  start: () => void;
  cancel: (upload: Upload) => void;
}

export interface UploadRow {
  element: HTMLElement;
  update: () => void;
}

const WORDS: Record<Upload["phase"], string> = {
  missing: "Interrupted",
  waiting: "Waiting",
  comparing: "Comparing with what has arrived",
  sending: "Uploading",
  registering: "Adding to the dataset",
  paused: "Paused",
  failed: "Failed",
  done: "Uploaded",
  cancelled: "Cancelled",
};

export function uploadRow(upload: Upload, actions: RowActions): UploadRow {
  const { name, size: total } = upload.record;
  const speedometer = new Speedometer();
  const bar = el("progress", { max: Math.max(total, 1), value: 0, "aria-label": `Upload of ${name}` });
  const state = el("span", { class: "dcor-state", role: "status" });
  const detail = el("span", { class: "dcor-detail" });
  const error = el("p", { class: "dcor-error", role: "alert" });
  const buttons = el("div", { class: "dcor-buttons" });
  const element = el(
    "li",
    { class: "dcor-file" },
    el("div", { class: "dcor-file-head" }, el("span", { class: "dcor-name" }, name), buttons),
    bar,
    el("div", { class: "dcor-file-foot" }, state, detail),
    error,
  );
  let shown: string | null = null;
  const update = () => {
    element.dataset["phase"] = upload.phase;
    bar.value = total ? upload.sent : Number(upload.phase === "done");
    say(state, WORDS[upload.phase]);
    say(detail, progressOf(upload, total, speedometer));
    say(error, upload.error || (upload.phase === "missing" ? hint(upload) : ""));
    error.classList.toggle("dcor-hint", upload.phase === "missing" && !upload.error);
    if (shown !== upload.phase) {
      shown = upload.phase;
      const hadFocus = buttons.contains(document.activeElement);
      fill(buttons, ...buttonsFor(upload, actions));
      if (hadFocus) {
        buttons.querySelector("button")?.focus();
      }
    }
  };
  update();
  return { element, update };
}

function hint(upload: Upload): string {
  if (upload.record.handle) {
    return "Press Continue to go on.";
  }
  return `Choose the file ${upload.record.fileName} again to go on.`;
}

function progressOf(upload: Upload, total: number, speedometer: Speedometer): string {
  if (upload.phase === "waiting" && !upload.sent) {
    return size(total);
  }
  const done = `${size(upload.sent)} of ${size(total)}`;
  if (upload.phase !== "sending") {
    return done;
  }
  const speed = speedometer.measure(upload.sent, performance.now());
  const left = speed > 0 && upload.sent < total ? ` · ${size(speed)}/s · ${duration((total - upload.sent) / speed)} left` : "";
  return done + left;
}

function buttonsFor(upload: Upload, actions: RowActions): HTMLElement[] {
  const { name } = upload.record;
  const go = () => {
    upload.retry();
    actions.start();
  };
  const cancel = button("Remove", "btn-link dcor-danger", "xmark", () => actions.cancel(upload), `Remove ${name}`);
  switch (upload.phase) {
    case "sending":
    case "comparing":
    case "waiting":
      return [button("Pause", "btn-secondary", "pause", () => upload.pause(), `Pause ${name}`), cancel];
    case "paused":
      return [button("Continue", "btn-primary", "play", go, `Continue ${name}`), cancel];
    case "failed":
      return [button("Try again", "btn-primary", "rotate-right", go, `Try ${name} again`), cancel];
    case "missing":
      return [button(upload.record.handle ? "Continue" : "Choose file", "btn-primary", "folder-open", () => actions.choose(upload), `Continue ${name}`), cancel];
    default:
      return [];
  }
}
