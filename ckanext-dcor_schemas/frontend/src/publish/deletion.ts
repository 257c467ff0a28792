// Removes a draft, with everything that belongs to it.

import type { Uploads } from "../files/uploads.ts";
import { explain } from "../metadata/creation.ts";
import type { Draft } from "../state/draft.ts";
import { confirm } from "../ui/dialog.ts";
import { find, say } from "../ui/dom.ts";

/** Whether the draft is gone. */
export async function deleteDraft(root: HTMLElement, draft: Draft, uploads: Uploads | null): Promise<boolean> {
  const sure = await confirm({
    title: "Delete this draft?",
    text: ["Its description and its files are removed for good."],
    yes: "Delete",
    no: "Keep",
    look: "btn-danger",
  });
  if (!sure) {
    return false;
  }
  try {
    await Promise.all([...(uploads?.list ?? [])].map((upload) => upload.cancel()));
    await draft.remove();
    return true;
  } catch (error) {
    say(find(root, "#dcor-delete-answer"), explain(error));
    return false;
  }
}
