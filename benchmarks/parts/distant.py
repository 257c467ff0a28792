"""dclab reads a distant measurement: in a fresh process, with every request noted, by phases."""

from __future__ import annotations

import multiprocessing
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.parts.proxy import DelayProxy

#: What is read, in this order, and how.
PHASES: dict[str, Callable[[Any], Any]] = {
    "deform": lambda ds: ds["deform"][:],
    "volume": lambda ds: ds["volume"][:],
    "image": lambda ds: ds["image"][0],
}
OPEN = "open"
#: Loaded before a reading begins: how long Python takes to import is not the question.
_PRELOADED = ["dclab", "dclab.rtdc_dataset.fmt_dcor", "requests", "boto3"]


@dataclass(frozen=True)
class Distance:
    """Proxies of the site and of the object store, and the delay [s] of a request to either."""

    site: DelayProxy
    store: DelayProxy
    delay: float


@dataclass(frozen=True)
class Reading:
    """What one reading was like.

    Attributes
    ----------
    seconds, site, store
        Time, and requests to the site and to the store, for each phase.
    values
        What was read.
    warnings
        Texts of dclab's warnings.
    """

    seconds: dict[str, float]
    site: dict[str, list[str]]
    store: dict[str, list[str]]
    values: dict[str, Any]
    warnings: list[str]

    @property
    def total(self) -> float:
        """Time of the whole reading [s]."""
        return sum(self.seconds.values())

    def to_first_feature(self) -> tuple[int, int]:
        """Requests to the site and to the store until the first feature was there."""
        site, store = (
            sum(len(requests[phase]) for phase in (OPEN, next(iter(PHASES))))
            for requests in (self.site, self.store)
        )
        return site, store

    def requests(self) -> int:
        """Number of requests to the site and to the store."""
        return sum(len(lines) for noted in (self.site, self.store) for lines in noted.values())

    def blocks_of(self, artifact: str) -> int:
        """Number of pieces of a file that were asked for."""
        pieces = [_short(line) for noted in self.store.values() for line in noted]
        return sum(one.startswith(f"{artifact} [") and "[all]" not in one for one in pieces)

    def log(self) -> list[str]:
        """A line per phase: its time and its requests."""
        return [
            f"{phase:7}{self.seconds[phase] * 1e3:5.0f} ms  "
            + ", ".join(_short(line) for line in self.site[phase] + self.store[phase])
            for phase in self.seconds
        ]


def read(distance: Distance, resource_id: str, token: str) -> Reading:
    """Read in a process in which dclab is imported but has not opened anything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    here, there = context.Pipe()
    process = context.Process(
        target=_read, args=(there, distance.site.url, resource_id, token), daemon=True
    )
    process.start()
    here.recv()
    proxies = (distance.site, distance.store)
    for proxy in proxies:
        proxy.lines.clear()
        proxy.delay = distance.delay
    requests: tuple[dict[str, list[str]], ...] = ({}, {})
    here.send("go")
    while isinstance(found := here.recv(), str):
        for proxy, noted in zip(proxies, requests, strict=True):
            noted[found] = proxy.lines[sum(map(len, noted.values())) :]
        here.send("go on")
    process.join()
    for proxy in proxies:
        proxy.delay = 0.0
    return Reading(found["seconds"], *requests, found["values"], found["warnings"])


def _read(pipe: Any, url: str, resource_id: str, token: str) -> None:
    from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR

    seconds, values = {}, {}

    def ends(phase: str, started: float) -> None:
        seconds[phase] = time.perf_counter() - started
        pipe.send(phase)
        pipe.recv()

    pipe.send("ready")
    pipe.recv()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        started = time.perf_counter()
        address = f"{url}/api/3/action/dcserv?id={resource_id}"
        with RTDC_DCOR(address, api_key=token, remember_api_key=False) as ds:
            ends(OPEN, started)
            for phase, take in PHASES.items():
                started = time.perf_counter()
                values[phase] = take(ds)
                ends(phase, started)
    texts = [f"{one.category.__name__}: {one.message}" for one in caught]
    pipe.send({"seconds": seconds, "values": values, "warnings": texts})


def _short(line: str) -> str:
    """``dcserv metadata``, ``condensed [all]`` or ``resource [262144-524287]``."""
    target = urlsplit(line.split(" ")[1])
    if query := parse_qs(target.query).get("query"):
        return f"dcserv {query[0]}"
    _before, found, wanted = line.partition("range: bytes=")
    return f"{target.path.split('/')[2]} [{wanted if found else 'all'}]"
