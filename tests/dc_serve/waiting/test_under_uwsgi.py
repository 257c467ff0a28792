"""Requests that wait under the web server and behind the router of an instance."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time

import pytest
import requests

from tests.harness.small_site import small_site

PATH = "/api/3/action/dcserv"
LARGE = 8 * 1024**2
PATIENCE = 30
#: Longer than the layer once took for sending a whole answer.
PAUSE = 1.5
_SITE = f"""
import atexit, os, pathlib
from ckanext.dc_serve.waiting import connection, layer

layer.config.record_wait = lambda: 60
known = pathlib.Path("known")

def answer(environ, start_response):
    start_response("200 OK", [])
    if environ["PATH_INFO"] == "/process":
        return [str(os.getpid()).encode()]
    if environ.get("dc_serve.may_wait"):
        environ["dc_serve.waits_for"] = "the resource"
    return [bytes({LARGE}) if "large" in environ["QUERY_STRING"] else b"small"]

application = layer.Waiting(
    answer, connection.server(), lambda ids: () if known.exists() else ids
)
atexit.register(application.close)
"""


@pytest.fixture
def site(tmp_path):
    """Address of a web server with one process and the settings of an instance."""
    with small_site(tmp_path, _SITE, http_keepalive="75", http_timeout="500") as address:
        yield address


def process_of(site):
    """Number of the web process, when it answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return int(requests.get(f"{site}/process", timeout=5).text)
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            threading.Event().wait(0.1)


def begun(site, query):
    """The connection of a client that has asked, and takes the answer in small pieces."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(PATIENCE)
    host, port = site.removeprefix("http://").split(":")
    client.connect((host, int(port)))
    client.sendall(f"GET {PATH}?{query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    return client


def all_of(client):
    """Everything until the server ends the connection."""
    pieces = []
    while piece := client.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def test_a_slow_reader_gets_all_and_keeps_nobody_waiting(site, tmp_path):
    process_of(site)
    with begun(site, "large") as slow, begun(site, "other") as other:
        process_of(site)  # it has one process: those before were set aside
        (tmp_path / "known").touch()
        first = slow.recv(12)
        assert all_of(other).endswith(b"\r\n\r\nsmall")
        threading.Event().wait(PAUSE)
        _head, body = (first + all_of(slow)).split(b"\r\n\r\n", 1)
    assert len(body) == LARGE


def test_who_waits_in_a_process_that_is_replaced_is_told(site):
    number = process_of(site)
    with begun(site, "a") as client:
        process_of(site)
        os.kill(number, signal.SIGHUP)
        answer = all_of(client)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b'"success": false' in answer
    assert process_of(site) != number
