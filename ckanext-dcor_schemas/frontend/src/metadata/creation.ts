// Makes the draft of what was filled in; everything after that saves itself.

import { ApiError } from "../net/api.ts";
import { byField, sentence } from "../net/refusals.ts";
import type { Draft } from "../state/draft.ts";
import { find, say } from "../ui/dom.ts";
import type { MetadataForm } from "./form.ts";

/** Whether the draft exists now; otherwise the page says why not. */
export async function createDraft(root: HTMLElement, metadata: MetadataForm, draft: Draft): Promise<boolean> {
  const answer = find(root, "#dcor-create-answer");
  const button = find<HTMLButtonElement>(root, "#dcor-create");
  say(answer, "");
  if (refuse(metadata, metadata.missing())) {
    return false;
  }
  button.disabled = true;
  try {
    await draft.create(metadata.values());
    return true;
  } catch (error) {
    const isShown = error instanceof ApiError && refuse(metadata, byField(error.fields));
    say(answer, isShown ? "Some entries were not accepted; see the messages beside them." : explain(error));
    return false;
  } finally {
    button.disabled = false;
  }
}

/** Whether there is a field to show; the first one gets the focus. */
function refuse(metadata: MetadataForm, errors: ReadonlyMap<string, string>): boolean {
  metadata.refuse(errors);
  const first = metadata.first(errors);
  if (first) {
    metadata.focus(first);
  }
  return first !== null;
}

export function explain(error: unknown): string {
  return error instanceof ApiError ? sentence(error.message, error.fields) : String(error);
}
