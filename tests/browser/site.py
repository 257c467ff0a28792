"""A little site that serves the pages' scripts and made-up measurements, without CKAN.

Two servers, because the object store is another origin than the site. What is not under test here
(authorisation, HDF5) is tested where it is; the contract in between is docs/decisions/0010.
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from .texts import LOGS, METADATA, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .synthetic import Synthetic

CHECKOUT = Path(__file__).resolve().parents[2]
ASSETS = CHECKOUT / "ckanext-dc_view" / "ckanext" / "dc_view" / "assets"
STYLES = [
    "build/uplot.css",
    *(f"css/{name}.css" for name in ("tokens", "controls", "viewer", "tables", "logs")),
]
#: As strict as can be: no inline script, no inline style, no eval, nothing from elsewhere.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {store}"


@dataclass
class Site:
    """The site; its state can be changed while it is served.

    Attributes
    ----------
    measurement
        What is shown.
    state
        Changes to `view.json`; None in `bundle` means that there is none.
    store_works
        Whether the object store answers.
    log
        All requests: server, method and path, range.
    """

    measurement: Synthetic
    state: dict[str, Any] = field(default_factory=dict)
    store_works: bool = True
    valid_signature: str = "1"
    log: list[tuple[str, str, str]] = field(default_factory=list)
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    url: str = ""
    store: str = ""

    def page_state(self, *, signed: bool = False) -> dict[str, Any]:
        """The answer of `view.json`."""
        made = self.measurement
        place = {
            "url": f"{self.store}/view?signature={self.valid_signature if signed else '1'}",
            "expires_at": None,
            "fallback_url": "/r/view.bin",
            "size": len(made.bundle),
            "first": made.first,
            "source_etag": "e1",
            "step_version": 1,
        }
        steps = [("hash", "Checksum"), ("overview", "Overview")]
        return {
            "version": 1,
            "resource": {
                "id": "r",
                "package_id": "d",
                "name": made.name,
                "etag": "e1",
                "public": True,
            },
            "bundle": place,
            "preview": None,
            "event_count": made.events,
            "sampled": len(made.index),
            "notes": [],
            "pipeline": {
                "finished": True,
                "failed": False,
                "poll_after": None,
                "steps": [step(name, title) for name, title in steps],
            },
            "retry": None,
            "endpoints": {
                "state": "/r/view.json",
                "event": "/r/events/{index}",
                "batch": "/r/events.bin",
                "metadata": "/r/metadata.json",
                "logs": "/r/logs.json",
                "tables": "/r/tables.json",
            },
        } | self.state


def step(name: str, title: str, state: str = "done", **more: Any) -> dict[str, Any]:
    """A step of the pipeline as the page is told of it."""
    return {
        "step": name,
        "title": title,
        "state": state,
        "attempt": 1,
        "error_code": None,
        "error_text": None,
    } | more


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site for as long as the context."""
    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in (_site(site), _store(site))
    ]
    site.url, site.store = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    for server in servers:
        server.daemon_threads = True
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
    try:
        yield site
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def page(site: Site) -> str:
    """The resource page as the templates make it."""
    state = escape(json.dumps(site.page_state()), quote=True)
    links = "".join(
        f'<link rel="stylesheet" href="/assets/{name}">' for name in ["../page.css", *STYLES]
    )
    rows = "".join(
        f'<tr><th scope="row" class="dataset-labels">{escape(row["label"])}</th>'
        f'<td class="dataset-details">{escape(row["text"])}</td></tr>'
        for row in METADATA["sections"][0]["rows"]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Resource</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="csrf_field_name" content="_csrf_token"><meta name="_csrf_token" content="t0k3n">'
        f"{links}</head><body><main><h1>{escape(site.measurement.name)}</h1>"
        f'<div id="dc-view" data-state="{state}"></div>'
        '<div class="dc-view-fallback"><p>The plot needs a script.</p></div>'
        '<div class="dc-view-columns"><table class="table dc_view"><caption>Experiment</caption>'
        f"<tbody>{rows}</tbody></table></div></main>"
        '<script src="/assets/build/viewer.js"></script></body></html>'
    )


def logs_page(site: Site) -> str:
    """The page with logs and tables."""
    state = escape(json.dumps(site.page_state()), quote=True)
    links = "".join(
        f'<link rel="stylesheet" href="/assets/{name}">' for name in ["../page.css", *STYLES]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Logs</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{links}</head><body><main>'
        f'<h1>Logs</h1><div id="dc-log-view" data-state="{state}"></div></main>'
        '<script src="/assets/build/logs.js"></script></body></html>'
    )


_PAGE_STYLE = (
    "*{box-sizing:border-box}body{margin:0;font-family:system-ui,'DejaVu Sans',sans-serif;"
    "background:#fff;color:#222}main{max-width:1000px;margin:0 auto;padding:0 12px}"
)


def _site(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            given = parse_qs(where.query)
            site.log.append(("site", self.path, self.headers.get("Range", "")))
            match where.path.split("/")[1:]:
                case ["page"]:
                    self.html(page(site), site)
                case ["logs"]:
                    self.html(logs_page(site), site)
                case ["page.css"]:
                    self.send(_PAGE_STYLE.encode(), "text/css")
                case ["assets", *rest] if rest[-1] == "page.css":
                    self.send(_PAGE_STYLE.encode(), "text/css")
                case ["assets", *rest]:
                    kind = "text/css" if rest[-1].endswith(".css") else "text/javascript"
                    self.send((ASSETS / "/".join(rest)).read_bytes(), kind)
                case ["r", "view.json"]:
                    self.json(site.page_state(signed="signed" in given))
                case ["r", "view.bin"]:
                    self.ranged(site)
                case ["r", "metadata.json"]:
                    self.json(METADATA)
                case ["r", "logs.json"]:
                    self.json(_logs(given))
                case ["r", "tables.json"]:
                    self.json(_tables(given))
                case ["r", "events.bin"]:
                    indices = [int(one) for one in given["indices"][0].split(",")]
                    self.send(site.measurement.batch(indices), "application/octet-stream")
                case ["r", "events", name] if match := re.fullmatch(r"(\d+)\.bin", name):
                    self.event(site, int(match[1]))
                case _:
                    self.refuse(404, "not-found", "Resource not found")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            site.posts.append(parse_qs(body) | {"header": [self.headers.get("X-CSRFToken", "")]})
            site.state = site.state | {"retry": None}
            self.json({"started": True})

        def event(self, of: Site, index: int) -> None:
            if index >= of.measurement.events:
                self.refuse(404, "no-event", "There is no such event")
            else:
                self.send(of.measurement.event(index), "application/octet-stream")

    return Handler


def _store(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        def do_GET(self) -> None:
            site.log.append(("store", self.path, self.headers.get("Range", "")))
            signature = parse_qs(urlsplit(self.path).query)["signature"][0]
            if not site.store_works or signature != site.valid_signature:
                self.refuse(403, "AccessDenied", "Access denied")
            else:
                self.ranged(site)

        def end_headers(self) -> None:
            if site.store_works:
                self.send_header("Access-Control-Allow-Origin", site.url)
                self.send_header(
                    "Access-Control-Expose-Headers",
                    "Content-Range, Content-Length, Accept-Ranges, ETag",
                )
            super().end_headers()

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, content: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def html(self, text: str, site: Site) -> None:
        policy = POLICY.format(store=site.store)
        self.send(text.encode(), "text/html; charset=utf-8", Content_Security_Policy=policy)

    def json(self, content: Any, status: int = 200) -> None:
        self.send(json.dumps(content).encode(), "application/json", status)

    def refuse(self, status: int, code: str, message: str) -> None:
        self.json({"error": code, "message": message}, status)

    def ranged(self, site: Site) -> None:
        content = site.measurement.bundle
        first, last = (
            int(end) for end in re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups()
        )
        part = content[first : last + 1]
        site.sizes.append(len(part))
        place = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
        self.send(part, "application/octet-stream", 206, Content_Range=place, ETag='"b1"')

    def log_message(self, *_: Any) -> None:
        """Keep the tests' output clean."""


def _logs(given: dict[str, list[str]]) -> Any:
    if "name" not in given:
        return {
            "logs": [
                {
                    "name": name,
                    "origin": origin,
                    "lines": len(lines),
                    "characters": sum(map(len, lines)),
                }
                for name, origin, lines in LOGS
            ]
        }
    name = given["name"][0]
    lines = next(lines for known, _, lines in LOGS if known == name)
    if "search" in given:
        wanted = given["search"][0].lower()
        found = [
            {"line": at, "text": line} for at, line in enumerate(lines, 1) if wanted in line.lower()
        ]
        return {"name": name, "total": len(lines), "matches": found[:1000]}
    start, count = int(given["start"][0]), int(given["count"][0])
    return {
        "name": name,
        "total": len(lines),
        "start": start,
        "lines": lines[start : start + count],
    }


def _tables(given: dict[str, list[str]]) -> Any:
    if "name" not in given:
        return {"tables": [{"name": n, "columns": c, "rows": len(r)} for n, c, r in TABLES]}
    name, columns, rows = next(table for table in TABLES if table[0] == given["name"][0])
    start, count = int(given["start"][0]), int(given["count"][0])
    return {
        "name": name,
        "columns": columns,
        "total": len(rows),
        "start": start,
        "rows": rows[start : start + count],
    }
