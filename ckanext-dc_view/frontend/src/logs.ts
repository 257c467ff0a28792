// Entry of the script of the page with logs and tables.

import type { PageState } from "./bundle/types.ts";
import { showLogs, showLogsOfBasins } from "./logs/logs.ts";
import { showTables } from "./tables/tables.ts";
import { notice } from "./ui/controls.ts";
import { el, fill } from "./ui/dom.ts";

function start(): void {
  const section = document.getElementById("dc-log-view");
  const given = section?.dataset["state"];
  if (!section || !given) {
    return;
  }
  const { endpoints } = JSON.parse(given) as PageState;
  const place = () => el("div", { "aria-busy": "true" });
  const [logs, basins, tables] = [place(), place(), place()];
  section.classList.add("dcv", "dcv-logs");
  fill(
    section,
    el("h2", { class: "dcv-heading" }, "Logs"),
    logs,
    basins,
    el("h2", { class: "dcv-heading" }, "Tables"),
    tables,
  );
  // one after the other: each may need a turn of those who share the site
  void load(logs, endpoints.logs, showLogs).then(() =>
    load(basins, endpoints.basins, showLogsOfBasins),
  );
  void load(tables, endpoints.tables, showTables);
}

async function load(
  host: HTMLElement,
  url: string,
  show: (host: HTMLElement, url: string) => Promise<void>,
): Promise<void> {
  try {
    await show(host, url);
  } catch (error) {
    fill(host, notice("warning", error instanceof Error ? error.message : String(error)));
  } finally {
    host.removeAttribute("aria-busy");
  }
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}
