// Entry of the resource page's script: the viewer and the tables of metadata.

import type { PageState } from "./bundle/types.ts";
import { openExplorer } from "./explorer/explorer.ts";
import { enhanceMetadata } from "./metadata/enhance.ts";
import { pipelineStatus } from "./status/pipeline.ts";
import { notice } from "./ui/controls.ts";
import { afterPainting, el, fill } from "./ui/dom.ts";

function startViewer(section: HTMLElement, state: PageState): void {
  // For readers without script; the picture stays until there is something better.
  const fallback = document.querySelector<HTMLElement>(".dc-view-fallback");
  fallback
    ?.querySelectorAll<HTMLElement>(
      ".dc-view-status, .dc-view-retry, .dc-view-regenerate, .dc-view-notes",
    )
    .forEach((part) => part.remove());
  const stage = el("div", { class: "dcv-explorer" });
  const open = async (ready: PageState) => {
    stage.setAttribute("aria-busy", "true");
    try {
      const rest = await openExplorer(stage, ready);
      fallback?.remove();
      afterPainting(() => {
        performance.mark("dcv-first-plot");
        stage.dataset["ready"] = "";
        rest();
      });
    } catch (error) {
      fill(stage, notice("error", error instanceof Error ? error.message : String(error)));
    } finally {
      stage.removeAttribute("aria-busy");
    }
  };
  const status = pipelineStatus(state, (ready) => void open(ready));
  section.classList.add("dcv");
  section.role = "region";
  section.ariaLabel = "Viewer";
  section.replaceChildren(status.element, stage, status.again);
  if (state.bundle) {
    void open(state);
  }
}

function start(): void {
  const section = document.getElementById("dc-view");
  const given = section?.dataset["state"];
  const state = given ? (JSON.parse(given) as PageState) : null;
  if (section && state) {
    startViewer(section, state);
  }
  const columns = document.querySelector<HTMLElement>(".dc-view-columns");
  if (columns) {
    enhanceMetadata(columns, state?.endpoints.metadata ?? null);
  }
}

// CKAN's scripts come after this one at the end of the page: there is no need to wait for them.
if (document.readyState !== "loading" || document.querySelector(".dc-view-columns")) {
  start();
} else {
  document.addEventListener("DOMContentLoaded", start);
}
