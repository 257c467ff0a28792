// Asks before something that cannot be undone.

import { el, freshId } from "./dom.ts";

export interface Question {
  title: string;
  text: string[];
  yes: string;
  no?: string;
  /** Look of the button that says yes. */
  look?: string;
}

export function confirm(question: Question): Promise<boolean> {
  const title = freshId("title");
  const no = el("button", { type: "submit", value: "no", class: "btn btn-secondary", autofocus: true }, question.no ?? "Cancel");
  const yes = el("button", { type: "submit", value: "yes", class: `btn ${question.look ?? "btn-primary"}` }, question.yes);
  const dialog = el(
    "dialog",
    { class: "dcor-dialog", "aria-labelledby": title },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: title }, question.title),
      ...question.text.map((text) => el("p", {}, text)),
      el("div", { class: "dcor-dialog-buttons" }, no, yes),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
