// The logs of a measurement: a list, and each log when it is opened.

import { counted, whole } from "../math/format.ts";
import { getJson, withQuery, withSuffix } from "../net/api.ts";
import { button, checkbox, notice } from "../ui/controls.ts";
import { debounce, el, fill } from "../ui/dom.ts";
import { marked, prettyJson } from "./lines.ts";

interface LogEntry {
  name: string;
  origin: "original" | "condensed";
  lines: number;
  characters: number;
}

interface Basin {
  name: string;
  page: string;
  logs: string;
}

interface LogPart {
  total: number;
  start: number;
  lines: string[];
}

interface LogMatches {
  total: number;
  matches: { line: number; text: string }[];
}

const PIECE = 500;
/** Lines that the site gives at most for one search. */
const MOST_MATCHES = 1000;
const MOST_NOTES = 50;
const ORIGINS = { original: "of the file", condensed: "of the condensed file" };

/** Fill `host` with the logs found at `url`. */
export async function showLogs(host: HTMLElement, url: string): Promise<void> {
  const { logs, notes } = await getJson<{ logs: LogEntry[]; notes?: string[] }>(url);
  const missing = (notes ?? []).slice(0, MOST_NOTES).map((text) => notice("info", text));
  if (!logs.length) {
    fill(host, ...missing, el("p", {}, "This resource has no logs."));
    return;
  }
  const blocks = sorted(logs).map((log) =>
    logBlock(log, url, log.name, ORIGINS[log.origin] ?? log.origin),
  );
  fill(host, ...missing, el("p", {}, "Click on a title to read the log."), ...blocks);
}

/** Fill `host` with the logs of the measurements that are named at `url`, one after the other. */
export async function showLogsOfBasins(host: HTMLElement, url: string): Promise<void> {
  const { basins } = await getJson<{ basins: Basin[] }>(url);
  for (const basin of basins) {
    const link = el("a", { href: basin.page }, basin.name);
    const intro = el("p", { class: "dcv-log-origin" }, "This measurement refers to ", link, ".");
    host.append(intro, ...(await logsOfBasin(basin)));
  }
}

/** The logs of one measurement, or why there are none: those of the others are shown anyway. */
async function logsOfBasin(basin: Basin): Promise<HTMLElement[]> {
  const origin = `from ${basin.name}`;
  try {
    const { logs } = await getJson<{ logs: LogEntry[] }>(basin.logs);
    return sorted(logs).map((log) => logBlock(log, basin.logs, `${log.name} ${origin}`, origin));
  } catch (error) {
    return [notice("warning", error instanceof Error ? error.message : String(error))];
  }
}

function sorted(logs: readonly LogEntry[]): LogEntry[] {
  return [...logs].sort((a, b) => a.name.localeCompare(b.name, "en", { sensitivity: "base" }));
}

/** `title` is what the log is called where no badge is seen. */
function logBlock(log: LogEntry, url: string, title: string, origin: string): HTMLElement {
  const badge = el("span", { class: "dcv-badge" }, origin);
  const count = el("span", { class: "dcv-hint" }, counted(log.lines, "line"));
  const body = el("div", { class: "dcv-log-body" });
  const block = el(
    "details",
    { class: "dcv-log" },
    el("summary", {}, el("span", { class: "dcv-log-name" }, log.name), badge, count),
    body,
  );
  block.addEventListener(
    "toggle",
    () => block.open && !body.hasChildNodes() && openLog(body, log, url, title),
  );
  return block;
}

function openLog(body: HTMLElement, log: LogEntry, url: string, title: string): void {
  const list = el("ol", { class: "dcv-lines dcv-wrap" });
  const more = el("div");
  const said = el("span", { class: "dcv-hint", role: "status" });
  let turn = 0;

  const failed = (error: unknown) =>
    fill(more, notice("warning", error instanceof Error ? error.message : String(error)));

  const next = async (start: number) => {
    const mine = turn;
    const part = await getJson<LogPart>(withQuery(url, { name: log.name, start, count: PIECE }));
    if (mine !== turn) {
      return;
    }
    list.append(...part.lines.map((line, step) => lineItem(line, part.start + step + 1, "")));
    const end = part.start + part.lines.length;
    fill(
      more,
      end < part.total &&
        button(`More (${whole(part.total - end)} lines)`, () => void next(end).catch(failed)),
    );
  };

  const search = async (wanted: string) => {
    const mine = ++turn;
    const found = wanted
      ? await getJson<LogMatches>(withQuery(url, { name: log.name, search: wanted }))
      : null;
    if (mine !== turn) {
      return;
    }
    fill(list);
    fill(more);
    said.textContent = found ? foundText(found.matches.length) : "";
    if (found) {
      list.append(...found.matches.map(({ line, text }) => lineItem(text, line, wanted)));
    } else {
      await next(0);
    }
  };

  const field = el("input", {
    type: "search",
    class: "dcv-input",
    placeholder: "Search this log",
    "aria-label": `Search the log ${title}`,
    on: { input: debounce(() => void search(field.value.trim()).catch(failed), 250) },
  });
  const wrap = checkbox("wrap long lines", true, (checked) =>
    list.classList.toggle("dcv-wrap", checked),
  );
  const save = el(
    "a",
    { class: "dcv-button", href: withQuery(withSuffix(url, ".txt"), { name: log.name }) },
    "Download (.txt)",
  );
  const scroll = el(
    "div",
    {
      class: "dcv-scroll dcv-scroll-high",
      tabindex: "0",
      role: "region",
      "aria-label": `Log ${title}`,
    },
    list,
    more,
  );
  fill(body, el("div", { class: "dcv-log-head" }, field, wrap.element, save, said), scroll);
  void next(0).catch(failed);
}

function foundText(count: number): string {
  return `${count < MOST_MATCHES ? "" : "the first "}${counted(count, "line")} found`;
}

function lineItem(text: string, number: number, search: string): HTMLElement {
  const parts = marked(text, search).map((part, place) =>
    place % 2 ? el("mark", {}, part) : part,
  );
  const pretty = prettyJson(text);
  const content = pretty
    ? el("details", { class: "dcv-json" }, el("summary", {}, ...parts), el("pre", {}, pretty))
    : el("span", { class: "dcv-line-text" }, ...parts);
  return el("li", { value: number }, content);
}
