"""A client that takes a large answer slowly keeps no web process busy."""

from __future__ import annotations

import contextlib
import socket
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from werkzeug.test import EnvironBuilder

from dcor_control.local.ports import LOCALHOST
from tests.harness.small_site import small_site

_LARGE = 30_000_000
_SITE = f"""
import flask
from ckanext.dc_view import caching, spooling
application = flask.Flask(__name__)
application.route("/small", endpoint="small")(lambda: "small")
on_the_way = lambda: str(sum(spooling.on_the_way()))
application.route("/on_the_way", endpoint="on_the_way")(on_the_way)
data = lambda: caching.data_answer(bytes({_LARGE}), "text/plain")
application.route("/data", endpoint="data")(data)
application.route("/json", endpoint="json")(lambda: caching.json_answer("a" * {_LARGE}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Port of a web server with one process and the settings of an instance."""
    with small_site(tmp_path_factory.mktemp("site"), _SITE) as address:
        port = int(address.rpartition(":")[2])
        wait_for(port)
        yield port


def wait_for(port):
    deadline = time.monotonic() + 30
    while True:
        try:
            return urlopen(f"http://{LOCALHOST}:{port}/small", timeout=5).read()
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def slow_reader(port, path):
    """A client that has read the beginning of an answer."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((LOCALHOST, port))
        client.settimeout(10)
        client.sendall(f"GET /{path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        assert client.recv(12) == b"HTTP/1.1 200"
        yield client


@pytest.mark.parametrize("path", ["data", "json"])
def test_others_are_answered_meanwhile(site, path):
    with slow_reader(site, path), slow_reader(site, path):
        assert urlopen(f"http://{LOCALHOST}:{site}/small", timeout=5).read() == b"small"


def on_the_way(site):
    return int(urlopen(f"http://{LOCALHOST}:{site}/on_the_way", timeout=5).read())


def wait_until_nobody_reads(site):
    deadline = time.monotonic() + 30
    while on_the_way(site):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_they_have_not_taken_is_counted_until_they_leave(site):
    wait_until_nobody_reads(site)
    with slow_reader(site, "data"), slow_reader(site, "json"):
        assert on_the_way(site) == 2 * _LARGE + 2
    wait_until_nobody_reads(site)


def test_the_server_is_given_the_file_itself(app, make_measurement):
    made = make_measurement()
    files = []

    def wrapper(file, _size):
        files.append(file)
        return file

    own = {"wsgi.file_wrapper": wrapper}
    address = made.route("logs.txt?name=hans")
    environ = EnvironBuilder(address, environ_overrides=own).get_environ()
    heads = []
    # whatever stands between the server and the route: anything else would be sent by the process
    returned = app.app(environ, lambda *head: heads.append(head))
    assert returned is files[0]
    assert returned.read() == b"peter\npaul\nMary\n"
    returned.close()
    assert ("Content-Length", "16") in heads[0][1]


@pytest.mark.parametrize(("path", "size"), [("data", _LARGE), ("json", _LARGE + 2)])
def test_answers_are_whole(site, path, size):
    answer = urlopen(f"http://{LOCALHOST}:{site}/{path}", timeout=30)
    assert len(answer.read()) == size == int(answer.headers["Content-Length"])
