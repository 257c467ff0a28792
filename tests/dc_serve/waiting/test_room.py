"""Whatever happens to one who waits, the others get their answers."""

from __future__ import annotations

import json
import threading

import pytest

from tests.dc_serve.waiting.sites import is_served, wait_until_empty

from ckanext.dc_serve.waiting import deliveries, room


def test_an_application_that_fails_later_is_answered_for(site):
    site.get()
    site.layer._room._application = None
    site.knows.set()
    head, body = site.received(0).split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    assert json.loads(body)["error"]["message"] == "Internal Server Error"


@pytest.mark.parametrize("headers", [[("X-Name", "€")], [("X-Name", "a"), None]])
def test_an_answer_that_cannot_be_sent_ends_the_waiting_of_nobody_else(site, headers):
    usual = site.layer._room._application

    def answer(environ, start_response):
        if "id=b" in environ["QUERY_STRING"]:
            return usual(environ, start_response)
        start_response("200 OK", headers)
        return [b"known"]

    site.get()
    site.get("id=b")
    site.layer._room._application = answer
    site.knows.set()
    assert site.received(0).startswith(b"HTTP/1.1 500 ")
    assert site.received(1).endswith(b"known")


def test_an_error_in_the_room_itself_ends_the_waiting_of_nobody(site, monkeypatch):
    failures = [MemoryError]
    usual = site.layer._room._called

    def called():
        if failures:
            raise failures.pop()
        return usual()

    site.layer._room._called = called
    site.get()
    site.knows.set()
    assert site.received(0).endswith(b"known")


def test_who_waits_when_the_process_ends_is_told(site):
    site.get()
    site.get("id=b")
    site.layer.close()
    for number in range(2):
        head, body = site.received(number).split(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 500 ")
        assert json.loads(body)["success"] is False
    assert site.get("id=c") == ("500 INTERNAL SERVER ERROR", b"unknown")


def test_a_slow_reader_gets_all_and_keeps_nobody_waiting(site, monkeypatch):
    large = bytes(8 * 1024**2)
    usual = site.layer._room._application

    def answer(environ, start_response):
        body = b"".join(usual(environ, start_response))
        return [body if "id=b" in environ["QUERY_STRING"] else large]

    site.get()
    site.get("id=b")
    site.layer._room._application = answer
    site.knows.set()
    assert site.received(1).endswith(b"known")
    assert site.received(0).endswith(large)


def test_answers_with_a_session_are_for_one_alone(site):
    usual = site.layer._room._application
    given = iter(range(5))

    def answer(environ, start_response):
        usual(environ, lambda *_: None)
        start_response("200 OK", [("Set-Cookie", f"ckan=session-{next(given)}")])
        return [b"known"]

    for port in range(3):
        site.get(REMOTE_PORT=str(port))
    site.layer._room._application = answer
    site.knows.set()
    sessions = [site.received(number).split(b"session-")[1][:1] for number in range(3)]
    assert sorted(sessions) == [b"0", b"1", b"2"]


def test_called_guests_are_told_when_the_process_ends(site, monkeypatch):
    """One of them is being answered; nobody asks for the answers to the others."""
    begun, may_end = threading.Event(), threading.Event()
    usual = site.layer._room._application

    def answer(environ, start_response):
        begun.set()
        may_end.wait(10)
        return usual(environ, start_response)

    for number in range(20):
        site.get(f"id={number}")
    site.layer._room._application = answer
    asked = len(site.asked)
    site.knows.set()
    assert begun.wait(10)
    closing = threading.Thread(target=site.layer.close)
    closing.start()
    while not site.layer._room._is_closing:
        threading.Event().wait(0.001)
    may_end.set()
    closing.join()
    received = [site.received(number) for number in range(20)]
    assert received[0].endswith(b"known")
    assert all(one.startswith(b"HTTP/1.1 500 ") for one in received[1:])
    assert len(site.asked) == asked + 1


def test_who_reads_gets_all_however_many_there_are(site, monkeypatch):
    """Who is called waits in the room until there is place, nobody who reads is given up for it."""
    monkeypatch.setattr(deliveries, "BYTES_AT_MOST", 16 * 1024**2)
    large = bytes(4 * 1024**2)
    usual = site.layer._room._application
    most = 30

    def answer(environ, start_response):
        usual(environ, start_response)
        return [large + environ["QUERY_STRING"].encode()]

    for number in range(most):
        site.get(f"id={number}")
    site.layer._room._application = answer
    readers = [
        threading.Thread(target=lambda number=number: got.append(len(site.received(number))))
        for number in range(most)
    ]
    got = []
    site.knows.set()
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert len(got) == most
    assert min(got) > len(large)


def test_an_answer_that_is_too_large_is_not_sent(site, monkeypatch):
    monkeypatch.setattr(room, "BYTES_AT_MOST", 4)
    site.get()
    site.knows.set()
    assert site.received(0).startswith(b"HTTP/1.1 500 ")


def test_a_database_that_fails_ends_the_waiting(site):
    def fail(_ids):
        raise OSError

    site.layer._room._pending = fail
    site.get()
    assert site.received(0).endswith(b"unknown")


def test_the_thread_ends_with_the_last_guest(site):
    site.get()
    assert is_served()
    site.knows.set()
    wait_until_empty()
