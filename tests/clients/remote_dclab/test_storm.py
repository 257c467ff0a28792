"""Many clients ask about a measurement that has no record, and ask again every second."""

from __future__ import annotations

import threading
import time
import warnings
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg2
from dclab.http_utils import ConnectionTimeoutWarning

from tests.clients.remote_dclab.acting import EVENTS, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 12
#: dclab waits for one second.
SLOW_SECONDS = 1.3


@contextmanager
def database(served) -> Iterator[psycopg2.extensions.cursor]:
    with closing(psycopg2.connect(served.database_url)) as link, link, link.cursor() as cursor:
        yield cursor


def attempts(served, uploaded) -> int:
    """How often the measurement was described."""
    with database(served) as cursor:
        cursor.execute(
            "SELECT attempt FROM dcor_step WHERE resource_id = %s AND step = 'describe'",
            [uploaded.id],
        )
        return cursor.fetchone()[0]


@contextmanager
def slow_worker(served) -> Iterator[None]:
    """A worker that does nothing for some time."""
    worker = served.program("worker-short")
    worker.suspend()
    timer = threading.Timer(SLOW_SECONDS, worker.resume)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def test_storm_is_one_load(upload, measurement_path, served):
    """A cold answer takes longer than clients wait: all of them open it, and it is loaded once."""
    uploaded = upload(measurement_path, private=False)
    with database(served) as cursor:
        cursor.execute("DELETE FROM dcor_record WHERE resource_id = %s", [uploaded.id])
    lengths: list[int] = []

    def open_it() -> None:
        with opened(uploaded) as ds:
            lengths.append(len(ds))

    threads = [threading.Thread(target=open_it) for _ in range(CLIENTS)]
    with warnings.catch_warnings(record=True) as caught, slow_worker(served):
        warnings.simplefilter("always")
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - started
    assert lengths == [EVENTS] * CLIENTS
    again = [one for one in caught if one.category is ConnectionTimeoutWarning]
    assert len(again) >= CLIENTS, "this was no storm: clients did not have to ask again"
    # the worker begins to count anew
    assert attempts(served, uploaded) == 1
    assert seconds < 30
