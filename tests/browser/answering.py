"""Requests to the two servers of the little site."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np

from .markup import ASSETS, POLICY, STYLE, logs_page, overview_page
from .texts import BASIN_LOGS, basin_answer, log_answer, table_answer

if TYPE_CHECKING:
    from .site import Site

_TYPES = {"css": "text/css", "js": "text/javascript"}
_BINARY = "application/octet-stream"
Given = dict[str, list[str]]


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site
    #: What the requests are noted as.
    server_name = ""

    def do_GET(self) -> None:
        self.site.log.append((self.server_name, self.path, self.headers.get("Range", "")))
        where = urlsplit(self.path)
        try:
            self.answer(where.path, parse_qs(where.query))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the page has lost its interest

    def answer(self, path: str, given: Given) -> None:
        raise NotImplementedError

    def send(self, content: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def json(self, content: Any, status: int = 200) -> None:
        self.send(json.dumps(content).encode(), "application/json", status)

    def refuse(self, status: int, code: str, message: str) -> None:
        self.json({"error": code, "message": message}, status)

    def ranged(self) -> None:
        """A piece of the bundle."""
        content = self.site.measurement.bundle
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
        assert asked
        first, last = int(asked[1]), int(asked[2])
        part = content[first : last + 1]
        self.site.sizes.append(len(part))
        place = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
        self.send(part, _BINARY, 206, Content_Range=place, ETag=f'"{self.server_name}"')

    def log_message(self, *_: Any) -> None:
        """Keep the tests' output clean."""


class _OfSite(_Answering):
    """Pages, assets and the page's endpoints."""

    server_name = "site"

    def answer(self, path: str, given: Given) -> None:
        if path.startswith("/assets/"):
            self.send((ASSETS / path[8:]).read_bytes(), _TYPES[path.rpartition(".")[2]])
        elif found := re.fullmatch(r"/r/events/(\d+)\.(bin|json)", path):
            self._event(int(found[1]), found[2])
        elif (answer := getattr(self, _name(path), None)) is not None:
            answer(given)
        else:
            self.refuse(404, "not-found", "Resource not found")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        header = {"header": [self.headers.get("X-CSRFToken", "")]}
        self.site.posts.append(parse_qs(body) | header)
        self.site.state = self.site.state | {"retry": None}
        self.json({"started": True})

    def get_page(self, _: Given) -> None:
        self._html(overview_page(self.site))

    def get_logs(self, _: Given) -> None:
        self._html(logs_page(self.site))

    def get_page_css(self, _: Given) -> None:
        self.send(STYLE.encode(), "text/css")

    def get_favicon_ico(self, _: Given) -> None:
        self.send(b"", "image/x-icon")

    def get_r_view_json(self, given: Given) -> None:
        self.json(self.site.page_state(signed="signed" in given))

    def get_r_view_bin(self, _: Given) -> None:
        self.ranged()

    def get_r_preview_jpg(self, _: Given) -> None:
        self.send(b"", _BINARY, 302, Location=f"{self.site.store}/preview")

    def get_r_metadata_json(self, _: Given) -> None:
        self.json(self.site.measurement.metadata)

    def get_r_logs_json(self, given: Given) -> None:
        self.json(log_answer(given))

    def get_r_basins_json(self, _: Given) -> None:
        self.json(basin_answer())

    def get_other_logs_json(self, given: Given) -> None:
        self.json(log_answer(given, BASIN_LOGS))

    def get_r_tables_json(self, given: Given) -> None:
        self.json(table_answer(given))

    def get_r_events_bin(self, given: Given) -> None:
        indices = [int(one) for one in given["indices"][0].split(",")]
        self.send(self.site.measurement.batch(indices), _BINARY)

    def _event(self, index: int, kind: str) -> None:
        if self.site.busy:
            self.site.busy -= 1
            self.refuse(503, "busy", "Come again")
        elif index >= self.site.measurement.events:
            self.refuse(404, "no-event", "There is no such event")
        elif kind == "json":
            self.json({"index": index, "values": self.site.measurement.event_values(index)})
        else:
            self.send(self.site.measurement.event(index), _BINARY)

    def _html(self, text: str) -> None:
        policy = POLICY.format(store=self.site.store)
        kind = "text/html; charset=utf-8"
        self.send(text.encode(), kind, Content_Security_Policy=policy)


class _OfStore(_Answering):
    """The object store with the bundle."""

    server_name = "store"

    def answer(self, path: str, given: Given) -> None:
        if path == "/preview":
            picture = np.zeros((600, 800), "u1")
            self.send(cv2.imencode(".jpg", picture)[1].tobytes(), "image/jpeg")
        elif (
            path == "/view"
            and self.site.store_works
            and given["signature"] == [self.site.valid_signature]
        ):
            self.ranged()
        else:
            self.refuse(403, "AccessDenied", "Access denied")

    def end_headers(self) -> None:
        if self.site.store_works:
            exposed = "Content-Range, Content-Length, Accept-Ranges, ETag"
            self.send_header("Access-Control-Allow-Origin", self.site.url)
            self.send_header("Access-Control-Expose-Headers", exposed)
        super().end_headers()


def site_handler(of: Site) -> type[BaseHTTPRequestHandler]:
    """The handler of the site's server."""
    return type("SiteHandler", (_OfSite,), {"site": of})


def store_handler(of: Site) -> type[BaseHTTPRequestHandler]:
    """The handler of the store's server."""
    return type("StoreHandler", (_OfStore,), {"site": of})


def _name(path: str) -> str:
    return "get" + re.sub(r"[/.]", "_", path)
