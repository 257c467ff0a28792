// What is asked before files are removed or their descriptions replaced.

import { confirm } from "../ui/dialog.ts";

const REMOVE = { yes: "Remove", no: "Keep", look: "btn-danger" };

export function mayCancel(name: string): Promise<boolean> {
  return confirm({
    title: `Remove ${name}?`,
    text: ["What was uploaded of this file so far is removed from the store."],
    ...REMOVE,
  });
}

export function mayRemove(name: string): Promise<boolean> {
  return confirm({
    title: `Remove ${name}?`,
    text: ["The file and its description are removed from the dataset."],
    ...REMOVE,
  });
}

export function mayCopy(number: number): Promise<boolean> {
  const others = number === 1 ? "one other measurement" : `${number} other measurements`;
  return confirm({
    title: "Use these details for all other measurements?",
    text: [`What is filled in here replaces the same fields of ${others}.`],
    yes: "Use for all",
  });
}
