// From the API's refusals to texts beside the fields they are about.

import type { Refusals } from "./api.ts";

/** All texts in an answer, however deep. */
export function texts(value: unknown): string[] {
  if (typeof value === "string") {
    return value ? [value] : [];
  }
  if (typeof value === "object" && value !== null) {
    return Object.values(value).flatMap(texts);
  }
  return [];
}

/** One text per field; repeated texts are said once. */
export function byField(refusals: Refusals): Map<string, string> {
  const found = new Map<string, string>();
  for (const [field, value] of Object.entries(refusals)) {
    const said = [...new Set(texts(value))].join(" ");
    if (said) {
      found.set(field, said);
    }
  }
  return found;
}

/**
 * Texts by field of one resource. CKAN answers with a list of all resources of the dataset, in
 * which only those that were refused say anything.
 */
export function ofResource(refusals: Refusals): Map<string, string> {
  const lists = refusals["resources"];
  const merged = Array.isArray(lists) ? Object.assign({}, ...lists.filter((one) => typeof one === "object")) : {};
  return byField(merged as Refusals);
}

/** Everything that was refused as one text. */
export function sentence(message: string, refusals: Refusals): string {
  const said = [...new Set(texts(refusals))];
  return said.length ? said.join(" ") : message;
}
