"""A little site that serves the pages' scripts and measurements, without CKAN.

Two servers, because the object store is another origin than the site. What is not under test here
(authorisation, HDF5) is tested where it is; the contract in between is docs/decisions/0010.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

from .answering import site_handler, store_handler

if TYPE_CHECKING:
    from collections.abc import Iterator


class Measurement(Protocol):
    """What the site shows."""

    name: str

    @property
    def events(self) -> int:
        """Number of events."""

    @property
    def bundle(self) -> bytes:
        """The artifact `view`."""

    @property
    def metadata(self) -> dict[str, Any]:
        """The answer `metadata.json`."""

    @property
    def first(self) -> int:
        """Bytes that the first plot needs."""

    def event(self, index: int) -> bytes:
        """The answer `events/<index>.bin`."""

    def event_values(self, index: int) -> dict[str, float | None]:
        """The values in `events/<index>.json`."""

    def batch(self, indices: list[int]) -> bytes:
        """The answer `events.bin`."""


@dataclass
class Site:
    """The site; it can be changed while it is served.

    Attributes
    ----------
    measurement
        What is shown.
    state
        Changes to `view.json`; None in `bundle` means that there is none.
    store_works
        Whether the object store answers.
    busy
        How many of the next requests for events are told to come again.
    valid_signature
        The signature that the store accepts; the page's first one is 1.
    theme
        The page's theme: ``light``, ``dark``, empty if it has none.
    log
        All requests: server, path, range.
    posts
        Forms that were sent.
    sizes
        Bytes of all pieces of the bundle that were handed out.
    url, store
        Origins of the two servers.
    """

    measurement: Measurement
    state: dict[str, Any] = field(default_factory=dict)
    store_works: bool = True
    busy: int = 0
    valid_signature: str = "1"
    theme: str = ""
    log: list[tuple[str, str, str]] = field(default_factory=list)
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    url: str = ""
    store: str = ""

    def page_state(self, *, signed: bool = False) -> dict[str, Any]:
        """The answer of `view.json`."""
        steps = [step("hash", "Checksum"), step("overview", "Overview")]
        pipeline = {"finished": True, "failed": False, "poll_after": None, "steps": steps}
        names = {"id": "r", "package_id": "d", "name": self.measurement.name}
        return {
            "version": 1,
            "resource": names | {"etag": "e1", "public": True},
            "bundle": self._place(self.valid_signature if signed else "1"),
            "preview": None,
            "event_count": self.measurement.events,
            "sampled": None,
            "notes": [],
            "pipeline": pipeline,
            "retry": None,
            "endpoints": _ENDPOINTS,
        } | self.state

    def _place(self, signature: str) -> dict[str, Any]:
        return {
            "url": f"{self.store}/view?signature={signature}",
            "expires_at": None,
            "fallback_url": "/r/view.bin",
            "size": len(self.measurement.bundle),
            "first": self.measurement.first,
            "etag": "b1",
            "source_etag": "e1",
            "step_version": 1,
        }


_ENDPOINTS = {
    "state": "/r/view.json",
    "event": "/r/events/{index}",
    "batch": "/r/events.bin",
    "metadata": "/r/metadata.json",
    "logs": "/r/logs.json",
    "basins": "/r/basins.json",
    "tables": "/r/tables.json",
}


def step(name: str, title: str, state: str = "done", **more: Any) -> dict[str, Any]:
    """A step of the pipeline as the page is told of it."""
    fields = {"step": name, "title": title, "state": state, "attempt": 1}
    return fields | {"error_code": None, "error_text": None} | more


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site for as long as the context."""
    handlers = (site_handler(site), store_handler(site))
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in handlers]
    site.url, site.store = (f"http://127.0.0.1:{one.server_address[1]}" for one in servers)
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
