"""Requests that are set aside, and answered over the connection that was taken over."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time

import pytest

from ckan.plugins import toolkit as tk

from ckanext.dc_serve.waiting import deliveries, room
from ckanext.dc_serve.waiting.layer import Waiting
from ckanext.dc_serve.waiting.marks import MAY_WAIT, WAITS_FOR

PATH = "/api/3/action/dcserv"


class Server:
    """Gives away one end of a pair of sockets as uWSGI does, which closes it afterwards."""

    def __init__(self):
        self.opt = {"socket": b"uwsgi.sock"}
        self.clients = []

    def connection_fd(self):
        ours, theirs = socket.socketpair()
        self.clients.append(theirs)
        self.descriptor = ours.detach()
        return self.descriptor


class Site:
    """An application that knows nothing for some time, behind the layer."""

    def __init__(self):
        self.knows = threading.Event()
        self.asked = []
        self.server = Server()
        self.layer = Waiting(self.application, self.server, self.pending)

    def pending(self, ids):
        return set() if self.knows.is_set() else set(ids)

    def application(self, environ, start_response):
        self.asked.append(environ.get(MAY_WAIT))
        if not self.knows.is_set() and environ.get(MAY_WAIT):
            environ[WAITS_FOR] = "the resource"
            start_response("404 NOT FOUND", [])
            return [b"nobody reads this"]
        status = "200 OK" if self.knows.is_set() else "500 INTERNAL SERVER ERROR"
        start_response(status, [("X-Name", "ü")])
        return [b"known" if self.knows.is_set() else b"unknown"]

    def get(self, query="id=a", **more):
        """Status and body that the server gets from the layer."""
        heads = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": PATH, "QUERY_STRING": query} | more
        body = b"".join(self.layer(environ, lambda *head: heads.append(head)))
        if hasattr(self.server, "descriptor"):
            os.close(self.server.descriptor)
            del self.server.descriptor
        return heads[0][0], body

    def received(self, number):
        """All that a client gets over its connection."""
        pieces = []
        with self.server.clients[number] as client:
            client.settimeout(10)
            while piece := client.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)


def is_served():
    return any(one.name == "dcserv-waiting" for one in threading.enumerate())


def wait_until_empty():
    deadline = time.monotonic() + 10
    while is_served():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.fixture
def site(ckan):
    site = Site()
    yield site
    site.knows.set()
    wait_until_empty()
    for client in site.server.clients:
        client.close()


def test_a_request_that_has_to_wait_is_answered_later(site):
    assert site.get() == ("200 OK", b"")
    site.knows.set()
    expected = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\nX-Name: ü\r\n\r\nknown"
    assert site.received(0) == expected.encode("latin-1")


def test_other_paths_of_the_action_and_requests_for_headers_wait_as_well(site):
    site.get(PATH_INFO="/de/api/action/dcserv", REQUEST_METHOD="HEAD")
    site.knows.set()
    head, body = site.received(0).split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body == b""


def test_a_request_that_need_not_wait_is_answered_at_once(site):
    site.knows.set()
    assert site.get() == ("200 OK", b"known")
    assert site.server.clients == []


def test_a_request_does_not_wait_for_ever(site, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.record_wait", 0)
    site.get()
    answer = site.received(0)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(b"unknown")


def test_the_same_request_waits_without_asking_the_application(site):
    for _request in range(5):
        site.get()
    assert site.asked == [True]
    site.knows.set()
    assert all(site.received(number).endswith(b"known") for number in range(5))


def test_the_log_has_the_status_of_what_was_sent_and_no_query(site, caplog):
    caplog.set_level(logging.INFO, logger=room.__name__)
    site.get("id=a&token=secret")
    site.knows.set()
    site.received(0)
    assert f"GET {PATH}: 200 OK" in caplog.text
    assert "secret" not in caplog.text


def test_requests_that_are_the_same_get_one_answer(site):
    for port in range(5):
        site.get(REMOTE_PORT=str(port))
    site.knows.set()
    assert all(site.received(number).endswith(b"known") for number in range(5))
    assert site.asked == [True, False]


@pytest.mark.parametrize(
    "other",
    [
        {"query": "id=a&b=c"},
        {"HTTP_AUTHORIZATION": "me"},
        {"HTTP_X_CKAN_API_KEY": "me"},
        {"HTTP_COOKIE": "a=b"},
        {"HTTP_ACCEPT_LANGUAGE": "de"},
        {"HTTP_HOST": "dcor.example.org"},
        {"HTTP_ORIGIN": "https://dcor.example.org"},
        {"HTTP_IF_NONE_MATCH": '"a"'},
        {"REMOTE_USER": "me"},
        {"REQUEST_METHOD": "HEAD"},
        {"PATH_INFO": "/de" + PATH},
    ],
)
def test_other_requests_and_readers_are_asked_about(site, other):
    site.get()
    site.get(**other)
    assert site.asked == [True, True]
    site.knows.set()
    assert all(site.received(number) for number in range(2))
    assert site.asked == [True, True, False, False]


def test_who_has_left_is_not_answered(site):
    site.get()
    site.get("id=b")
    site.server.clients[0].close()
    site.knows.set()
    assert site.received(1).endswith(b"known")
    assert site.asked == [True, True, False]


def test_a_full_room_is_told_at_once(site, monkeypatch):
    monkeypatch.setattr(room, "PLACES", 1)
    site.get()
    assert site.get("id=b") == ("500 INTERNAL SERVER ERROR", b"unknown")


def test_nobody_takes_all_places(site, monkeypatch):
    monkeypatch.setattr(room, "PLACES_OF_ONE", 1)
    site.get(REMOTE_ADDR="192.0.2.1")
    status, _body = site.get("id=b", REMOTE_ADDR="192.0.2.1")
    assert status == "500 INTERNAL SERVER ERROR"
    assert site.get("id=b", REMOTE_ADDR="192.0.2.2") == ("200 OK", b"")


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


def test_without_a_thread_a_request_is_answered_at_once(site, monkeypatch):
    def fail(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fail)
        site.get()
    assert site.received(0).endswith(b"unknown")
    site.get()
    site.knows.set()
    assert site.received(1).endswith(b"known")


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


def test_without_descriptors_a_request_is_answered_at_once(site, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "devnull", str(tmp_path / "missing"))
    assert site.get() == ("500 INTERNAL SERVER ERROR", b"unknown")
    assert site.received(0) == b"", "the connection is kept open"


def test_a_request_is_asked_for_again_as_it_came(site, monkeypatch, tmp_path):
    usual = site.layer._application
    paths = []

    def answer(environ, start_response):
        paths.append(environ["PATH_INFO"])
        environ["PATH_INFO"] = "/changed"
        return usual(environ, start_response)

    site.layer._application = answer
    monkeypatch.setattr(os, "devnull", str(tmp_path / "missing"))
    site.get()
    assert paths == [PATH, PATH]


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


@pytest.mark.parametrize(
    "more",
    [
        {"PATH_INFO": "/api/3/action/status_show"},
        {"REQUEST_METHOD": "POST"},
        {"CONTENT_LENGTH": "5"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
    ],
)
def test_other_requests_are_left_alone(site, more):
    site.get(**more)
    assert site.asked == [None]


def test_the_thread_ends_with_the_last_guest(site):
    site.get()
    assert is_served()
    site.knows.set()
    wait_until_empty()
