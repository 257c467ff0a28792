"""``dcserv``: metadata and basins, with and without a token, against CKAN's own ``status_show``.

Both are answered by the same web server; keep-alive, two clients, median time of an answer. What
counts are answers that are put together anew, as for the first request about a measurement (*first
time*): the ratio is that of the slowest of the four against ``status_show`` asked in the same way.
For comparison, and not counted: the same requests where the web process may check and send an
answer again that it remembers (*again*).
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
    queries = {
        query: f"{api}/dcserv?id={resource_id}&version=2&query={query}"
        for query in ("metadata", "basins")
    }
    # the layer that keeps answers leaves requests with this header alone
    anew = headers | {"If-None-Match": '"-"'}
    first = [Contender(f"{query}, first time ({who})", url, anew) for query, url in queries.items()]
    again = [Contender(f"{query}, again ({who})", url, headers) for query, url in queries.items()]
    for contender in (rival, *first, *again):
        assert json.loads(contender.body())["success"] is True
    measure([rival, *first, *again], clients=2, requests=100, rounds=8)
    for contender in (rival, *first, *again):
        ratio = contender.median / rival.median
        print(f"{contender.name:44} p50 {contender.median * 1e3:6.2f} ms   {ratio:.2f}", flush=True)
    return [contender.median / rival.median for contender in first]
