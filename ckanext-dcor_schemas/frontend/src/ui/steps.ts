// The steps beside the page: which are done, and which comes next.

import { find, say } from "./dom.ts";

export type StepName = "describe" | "files" | "publish";

export function showStep(root: HTMLElement, name: StepName, isDone: boolean, note: string): void {
  const step = find(root, `[data-step="${name}"]`);
  step.classList.toggle("dcor-done", isDone);
  say(find(step, ".dcor-step-note"), note);
  say(find(step, ".visually-hidden"), isDone ? "done" : "not done");
}
