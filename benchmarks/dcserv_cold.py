"""``dcserv-cold``: the first requests after a restart, and 100 at once without a record.

Two situations in which a server that reads measurements itself is slow. After a restart the web
processes know nothing. Without a record (as right after an upload) all requests have to wait until
a worker has described the measurement; it must do so once. The ratio is the 99th percentile of all
these answers to the goal of 300 ms, at most 1. For comparison, and not counted: 100 requests that
all differ in a parameter, so that none is answered with the answer to another one.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg2

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import instance, upload
from benchmarks.parts.load import Client, Contender, request
from dcor_control.local import supervisor, web
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from tests.harness.served import Served

GOAL = 1.0
_SECONDS = 0.3
_EVENTS = 20_000
_PARALLEL = 100
_ROUNDS = 3


def run() -> Outcome:
    """Serve a measurement, restart the web server, remove the record."""
    with instance() as served, tempfile.TemporaryDirectory() as folder:
        path = write_measurement(Path(folder) / "cells.rtdc", events=_EVENTS)
        uploaded = upload(served, path, private=False)
        asked = Contender(
            "metadata", f"{served.url}/api/3/action/dcserv?id={uploaded.id}&query=metadata"
        )
        expected = json.loads(asked.body())["result"]
        restarted = [_first_after_restart(served, asked) for _ in range(_ROUNDS)]
        rounds = [_without_record(served, asked, uploaded.id) for _ in range(_ROUNDS)]
        unlike = [_without_record(served, asked, uploaded.id, differ=True) for _ in range(_ROUNDS)]
        assert json.loads(asked.body())["result"] == expected
    print(f"first after a restart: {', '.join(f'{t * 1e3:.0f} ms' for t in restarted)}")
    for name, found in (("at once", rounds), ("different ones at once", unlike)):
        for times, loads in found:
            p50, p99 = np.percentile(times, [50, 99]) * 1e3
            print(f"{_PARALLEL} {name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, {loads} load")
    p99 = float(np.median([np.percentile(times, 99) for times, _loads in rounds]))
    wrong = [f"{loads} loads instead of one" for _times, loads in rounds + unlike if loads != 1]
    return Outcome(max(p99, *restarted) / _SECONDS, GOAL, "lower", tuple(wrong))


def _first_after_restart(served: Served, asked: Contender) -> float:
    supervisor.stop_programs(served.layout, ["web"])
    supervisor.start_programs(served.layout, ["web"])
    web.wait_until_ready(int(served.url.rpartition(":")[2]))
    started = time.perf_counter()
    asked.body()
    return time.perf_counter() - started


def _without_record(
    served: Served, asked: Contender, resource_id: str, *, differ: bool = False
) -> tuple[list[float], int]:
    """Times of the answers, and how often the measurement was described."""
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        cursor.execute("DELETE FROM dcor_record WHERE resource_id = %s", [resource_id])
    times = _at_once(asked, differ=differ)
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        cursor.execute(
            "SELECT attempt FROM dcor_step WHERE resource_id = %s AND step = 'describe'",
            [resource_id],
        )
        (attempts,) = cursor.fetchone()
    return times, attempts


def _at_once(asked: Contender, *, differ: bool) -> list[float]:
    times, failures = [], []
    clients = {
        Client(asked.url): request(f"{asked.url}&number={number}" if differ else asked.url)
        for number in range(_PARALLEL)
    }
    start = threading.Barrier(_PARALLEL)

    def ask(client: Client, raw: bytes) -> None:
        start.wait()
        started = time.perf_counter()
        status, _head, body = client.get(raw)
        times.append(time.perf_counter() - started)
        if status != 200:  # noqa: PLR2004
            failures.append(body)

    threads = [threading.Thread(target=ask, args=given) for given in clients.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
    assert not failures, failures[0]
    return times
