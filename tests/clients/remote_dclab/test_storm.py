"""Many clients ask about a measurement that has no record, and ask again every second."""

from __future__ import annotations

import threading
import time
import warnings
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import numpy as np
import psycopg2
import requests
from dclab.http_utils import ConnectionTimeoutWarning

from tests.clients.remote_dclab.acting import EVENTS, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 12
STORM = 100
#: What other pages may take meanwhile [s]: far less than the worker, or the waiting, takes.
PROMPT_SECONDS = 0.5
#: Less than one single wait; the storm itself has to be taken in first, on a machine with others.
AT_WORST = 1.9
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
def slow_worker(served, seconds: float = SLOW_SECONDS) -> Iterator[None]:
    """A worker that does nothing for some time."""
    worker = served.program("worker-short")
    worker.suspend()
    timer = threading.Timer(seconds, worker.resume)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def times_of_other_pages(served, uploaded, while_alive) -> dict[str, list[float]]:
    """How long other pages take, asked for again and again while some threads are alive."""
    pages = ("api/3/action/status_show", f"dataset/{uploaded.dataset}")
    times: dict[str, list[float]] = {page: [] for page in pages}
    while any(thread.is_alive() for thread in while_alive):
        for page in pages:
            started = time.monotonic()
            answer = requests.get(
                f"{served.url}/{page}",
                headers={"Authorization": served.person.token},
                timeout=30,
            )
            times[page].append(time.monotonic() - started)
            assert answer.status_code == 200
    return times


@contextmanager
def storm(
    served, uploaded, worker_sleeps: float
) -> Iterator[tuple[list[requests.Response], list[threading.Thread]]]:
    """100 different requests for a measurement without a record: answers and threads."""
    with database(served) as cursor:
        cursor.execute("DELETE FROM dcor_record WHERE resource_id = %s", [uploaded.id])
    urls = [f"{uploaded.url}&version=2&query=metadata&n={number}" for number in range(STORM)]
    answers: list[requests.Response] = []

    def ask(url: str) -> None:
        answers.append(requests.get(url, timeout=30))

    threads = [threading.Thread(target=ask, args=(url,)) for url in urls]
    with slow_worker(served, worker_sleeps):
        for thread in threads:
            thread.start()
        yield answers, threads
        for thread in threads:
            thread.join()


def test_the_site_answers_during_a_storm(upload, measurement_path, served):
    """No web process waits for the worker, which is away for longer than requests wait."""
    uploaded = upload(measurement_path, private=False)
    with storm(served, uploaded, 4.0) as (answers, threads):
        times = times_of_other_pages(served, uploaded, threads)
    assert [answer.status_code for answer in answers] == [500] * STORM
    assert {answer.json()["error"]["__type"] for answer in answers} == {"Internal Server Error"}
    for seconds in times.values():
        assert np.median(seconds) < PROMPT_SECONDS
        assert max(seconds) < AT_WORST


def test_everybody_who_waits_gets_the_answer_of_one_load(upload, measurement_path, served):
    uploaded = upload(measurement_path, private=False)
    with storm(served, uploaded, 1.0) as (answers, _threads):
        pass
    assert [answer.status_code for answer in answers] == [200] * STORM
    assert {answer.json()["result"]["experiment"]["event count"] for answer in answers} == {EVENTS}
    assert attempts(served, uploaded) == 1


def answer_after(served, change, url: str, **headers: str) -> requests.Response:
    """The answer to a request that waits while something changes."""
    answers: list[requests.Response] = []
    asking = threading.Thread(
        target=lambda: answers.append(requests.get(url, headers=headers, timeout=30))
    )
    with slow_worker(served):
        asking.start()
        asking.join(0.3)  # until it waits; if it did not, the answer would be the same
        change()
    asking.join()
    return answers[0]


def forget(served, uploaded) -> str:
    """Remove the record of a measurement; the URL of a query that has to wait for it."""
    with database(served) as cursor:
        cursor.execute("DELETE FROM dcor_record WHERE resource_id = %s", [uploaded.id])
    return f"{uploaded.url}&version=2&query=metadata"


def test_who_waits_while_the_dataset_becomes_private_is_refused(upload, measurement_path, served):
    uploaded = upload(measurement_path, private=False)
    url = forget(served, uploaded)

    def hide() -> None:
        with database(served) as cursor:
            cursor.execute("UPDATE package SET private = true WHERE id = %s", [uploaded.dataset])

    assert answer_after(served, hide, url).status_code == 403


def test_who_waits_while_the_token_is_revoked_is_refused(upload, measurement_path, served):
    uploaded = upload(measurement_path, private=True)
    person = served.person
    token = served.call("api_token_create", person, user=person.name, name="short-lived")["token"]
    url = forget(served, uploaded)

    def revoke() -> None:
        served.call("api_token_revoke", person, token=token)

    assert answer_after(served, revoke, url, Authorization=token).status_code == 403


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
