"""Answers that are sent to many clients at once."""

from __future__ import annotations

import socket
import threading

import pytest

from ckanext.dc_serve.waiting import deliveries
from ckanext.dc_serve.waiting.deliveries import Deliveries

LARGE = bytes(4 * 1024**2)


@pytest.fixture
def sender():
    sender = Deliveries()
    yield sender
    sender.finish(0)


@pytest.fixture
def clients():
    made = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def add(sender, clients):
    """Begins to send an answer to one more client."""

    def do(answer: bytes) -> socket.socket:
        ours, theirs = socket.socketpair()
        clients.append(theirs)
        theirs.settimeout(10)
        sender.add(ours, answer)
        return theirs

    return do


def received(client: socket.socket) -> int:
    """How many bytes arrive until the connection ends."""
    count = 0
    while piece := client.recv(65536):
        count += len(piece)
    return count


def test_a_small_answer_is_sent_at_once(sender, add):
    client = add(b"known")
    assert len(sender) == 0
    assert received(client) == 5


def test_an_answer_is_sent_as_it_is_taken(sender, add):
    client = add(LARGE)
    assert len(sender) == 1
    counts: list[int] = []
    reading = threading.Thread(target=lambda: counts.append(received(client)))
    reading.start()
    sender.finish(10)
    reading.join()
    assert counts == [len(LARGE)]


def test_who_takes_nothing_is_given_up(sender, add, monkeypatch):
    monkeypatch.setattr(deliveries, "IDLE_SECONDS", 0)
    client = add(LARGE)
    sender.work(0.01)
    assert len(sender) == 0
    assert 0 < received(client) < len(LARGE)


def test_who_takes_it_too_slowly_is_given_up(sender, add, monkeypatch):
    monkeypatch.setattr(deliveries, "WHOLE_SECONDS", 0)
    add(LARGE)
    sender.work(0.01)
    assert len(sender) == 0


def test_a_connection_ends_though_a_forked_process_has_a_copy(sender, clients):
    ours, theirs = socket.socketpair()
    clients += [theirs, ours.dup()]
    sender.add(ours, b"known")
    theirs.settimeout(10)
    assert received(theirs) == 5


def test_one_answer_for_many_counts_once(sender, add, monkeypatch):
    monkeypatch.setattr(deliveries, "BYTES_AT_MOST", len(LARGE) + 1)
    for _client in range(3):
        add(LARGE)
    assert sender.has_place()
    add(LARGE + b"other")
    assert not sender.has_place()
    assert len(sender) == 4, "who has taken something just now is not given up"


def test_the_largest_answer_that_stands_still_makes_place(sender, add, monkeypatch):
    monkeypatch.setattr(deliveries, "STALLED_SECONDS", 0)
    monkeypatch.setattr(deliveries, "BYTES_AT_MOST", 3 * len(LARGE))
    small = [add(LARGE + bytes(number)) for number in (1, 2)]
    giant = add(LARGE + LARGE)
    assert sender.has_place()
    assert len(sender) == len(small)
    assert received(giant) < len(LARGE)


def test_nobody_who_takes_the_answer_is_given_up(sender, add, monkeypatch):
    monkeypatch.setattr(deliveries, "STALLED_SECONDS", 0)
    monkeypatch.setattr(deliveries, "BYTES_AT_MOST", len(LARGE))
    client = add(LARGE)
    assert client.recv(len(LARGE))  # there is place for more of it now, which nobody has sent yet
    assert not sender.has_place()
    assert len(sender) == 1


def test_there_are_not_too_many_at_once(sender, add, monkeypatch):
    monkeypatch.setattr(deliveries, "CLIENTS_AT_MOST", 2)
    first, _second = (add(LARGE) for _client in range(2))
    assert not sender.has_place()
    monkeypatch.setattr(deliveries, "STALLED_SECONDS", 0)
    assert sender.has_place()
    assert len(sender) == 1
    assert received(first) < len(LARGE)


def test_where_nobody_else_is_there_is_place_for_any_number(sender):
    assert sender.has_place(deliveries.CLIENTS_AT_MOST + 1)


def test_something_is_sent_however_short_the_time(sender, add):
    client = add(LARGE)
    before = len(client.recv(len(LARGE)))
    sender.work(0)
    assert before + len(client.recv(len(LARGE))) > before


def test_who_has_left_is_let_go(sender, add):
    add(LARGE).close()
    sender.work(0.01)
    assert len(sender) == 0


def test_a_connection_that_is_closed_is_nobody_elses_problem(sender):
    ours, theirs = socket.socketpair()
    ours.close()
    theirs.close()
    sender.add(ours, b"known")
    assert len(sender) == 0
