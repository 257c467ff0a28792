"""Requests that are set aside, and answered over the connection that was taken over."""

from __future__ import annotations

import logging
import os
import threading

import pytest

from ckan.plugins import toolkit as tk

from tests.dc_serve.waiting.sites import PATH

from ckanext.dc_serve.waiting import room


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
