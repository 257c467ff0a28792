// What still prevents the publication, in words: what the page knows itself, and what the site says.

import { isMeasurement } from "../files/names.ts";
import type { Check, Dataset, Facts } from "../types.ts";

export interface Situation {
  facts: Pick<Facts, "measurement_suffixes">;
  dataset: Dataset | null;
  /** Uploads that are neither finished nor cancelled. */
  unfinished: number;
  /** Whether something typed is not on the site. */
  isUnsaved: boolean;
  /** Nothing if the site cannot say. */
  check: Check | null;
}

export interface Judgement {
  problems: string[];
  hints: string[];
}

export function judge({ facts, dataset, unfinished, isUnsaved, check }: Situation): Judgement {
  if (!dataset) {
    return { problems: ["The draft has not been created yet."], hints: [] };
  }
  const problems: string[] = [];
  if (isUnsaved) {
    problems.push("Some entries are not saved.");
  }
  if (!dataset.title) {
    problems.push("The dataset has no title.");
  }
  if (unfinished) {
    problems.push(unfinished === 1 ? "One upload is not finished." : `${unfinished} uploads are not finished.`);
  }
  if (!dataset.resources.length) {
    problems.push("The dataset has no files.");
  } else if (!dataset.resources.some((resource) => isMeasurement(resource.name, facts))) {
    problems.push("At least one file must be a measurement (.rtdc).");
  } else {
    problems.push(...(check?.problems ?? []));
  }
  for (const resource of check?.resources ?? []) {
    problems.push(...resource.problems.map((text) => `${resource.name}: ${text}`));
  }
  return { problems, hints: hintsOf(check) };
}

function hintsOf(check: Check | null): string[] {
  return (check?.resources ?? []).flatMap((resource) => resource.hints.map((text) => `${resource.name}: ${text}`));
}
