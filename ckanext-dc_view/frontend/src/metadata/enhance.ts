// The page's tables of metadata: a filter box, and everything as JSON for the clipboard.

import { getJson } from "../net/api.ts";
import { button } from "../ui/controls.ts";
import { el } from "../ui/dom.ts";

/** `columns` holds the tables that the page has without script, too. */
export function enhanceMetadata(columns: HTMLElement, url: string | null): void {
  const tables = [...columns.querySelectorAll<HTMLTableElement>("table")];
  if (!tables.length) {
    return;
  }
  const said = el("span", { class: "dcv-hint", role: "status" });
  const filter = el("input", {
    type: "search",
    class: "dcv-input",
    placeholder: "Find in the metadata",
    "aria-label": "Find in the metadata",
    on: {
      input: () => {
        const found = narrow(tables, filter.value);
        said.textContent = filter.value ? `${found} found` : "";
      },
    },
  });
  const copy = url !== null && button("Copy as JSON", () => void copyJson(url, said), "copy");
  const section = el("section", { class: "dcv", "aria-label": "Metadata" });
  columns.replaceWith(section);
  section.append(el("div", { class: "dcv-metadata-head" }, filter, copy, said), columns);
}

/** Show only rows that hold all words; the number of rows that are left. */
function narrow(tables: readonly HTMLTableElement[], wanted: string): number {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const table of tables) {
    const section = table.caption?.textContent ?? "";
    const rows = [...table.rows];
    for (const row of rows) {
      const text = `${section} ${row.textContent}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const left = rows.filter((row) => !row.hidden).length;
    table.hidden = left === 0;
    found += left;
  }
  return found;
}

async function copyJson(url: string, said: HTMLElement): Promise<void> {
  // browsers offer it to pages that came encrypted, or from this very machine
  if (!("clipboard" in navigator)) {
    said.textContent = "The clipboard cannot be used: the page did not come by https.";
    return;
  }
  try {
    const metadata = await getJson<unknown>(url);
    await navigator.clipboard.writeText(JSON.stringify(metadata, null, 2));
    said.textContent = "Copied";
  } catch (error) {
    said.textContent = error instanceof Error ? error.message : "The clipboard cannot be used.";
  }
}
