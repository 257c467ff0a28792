"""``dcserv``: metadata and basins, with and without a token, against CKAN's own ``status_show``.

Both are answered by the same web server; keep-alive, two clients, median time of an answer. The
ratio is that of the slowest of the four against ``status_show`` asked in the same way. For
comparison, and not counted: ``metadata`` asked for in a way that keeps the web process from sending
an answer again that it remembers, as for the first request about a measurement.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import instance, upload
from benchmarks.parts.load import Contender, measure
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from tests.harness.served import Served

GOAL = 1.5
_EVENTS = 2000


def run() -> Outcome:
    """Serve a public and a private measurement and measure."""
    with instance() as served, tempfile.TemporaryDirectory() as folder:
        path = write_measurement(Path(folder) / "cells.rtdc", events=_EVENTS)
        ids = {private: upload(served, path, private=private).id for private in (False, True)}
        ratios = [
            ratio
            for private, resource_id in ids.items()
            for ratio in _compare(served, resource_id, private=private)
        ]
    return Outcome(max(ratios), GOAL, "lower")


def _compare(served: Served, resource_id: str, *, private: bool) -> list[float]:
    headers = served.person.headers if private else {}
    who = "private, with token" if private else "public, anonymous"
    api = f"{served.url}/api/3/action"
    rival = Contender(f"status_show ({who})", f"{api}/status_show", headers)
    own = [
        Contender(
            f"dcserv {query} ({who})",
            f"{api}/dcserv?id={resource_id}&version=2&query={query}",
            headers,
        )
        for query in ("metadata", "basins")
    ]
    # the layer that keeps answers leaves requests with this header alone
    first = Contender("dcserv metadata, first time", own[0].url, headers | {"If-None-Match": '"-"'})
    for contender in (rival, *own, first):
        assert json.loads(contender.body())["success"] is True
    measure([rival, *own, first], clients=2, requests=100, rounds=8)
    for contender in (rival, *own, first):
        ratio = contender.median / rival.median
        print(f"{contender.name:40} p50 {contender.median * 1e3:6.2f} ms   {ratio:.2f}", flush=True)
    return [contender.median / rival.median for contender in own]
