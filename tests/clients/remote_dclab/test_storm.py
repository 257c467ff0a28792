"""Many clients ask about a measurement that has no record, and ask again every second."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg2

from tests.clients.remote_dclab.acting import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 12
#: dclab waits for one second; the worker is away while the clients start, and longer than that.
SLOW_SECONDS = 3.5
CLIENT = """
import sys
sys.modules["simplejson"] = None
from concurrent.futures import ThreadPoolExecutor
from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR

def count(_number):
    with RTDC_DCOR(sys.argv[1]) as ds:
        return len(ds)

number = int(sys.argv[2])
with ThreadPoolExecutor(number) as pool:
    print(*pool.map(count, range(number)))
"""


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


def open_it_often(uploaded) -> subprocess.CompletedProcess[str]:
    """Open a measurement in several threads of a process without simplejson.

    Where simplejson is installed, as with CKAN, dclab does not recognise that an answer is no JSON.
    """
    arguments = [sys.executable, "-c", CLIENT, uploaded.url, str(CLIENTS)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)


def test_storm_is_one_load(upload, measurement_path, served):
    """A cold answer takes longer than clients wait: all of them open it, and it is loaded once."""
    uploaded = upload(measurement_path, private=False)
    with database(served) as cursor:
        cursor.execute("DELETE FROM dcor_record WHERE resource_id = %s", [uploaded.id])
    with slow_worker(served):
        started = time.monotonic()
        done = open_it_often(uploaded)
        seconds = time.monotonic() - started
    assert done.stdout.split() == [str(EVENTS)] * CLIENTS, done.stderr
    # the worker begins to count anew
    assert attempts(served, uploaded) == 1
    assert SLOW_SECONDS < seconds < 30
