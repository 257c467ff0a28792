"""The last answer of the web server."""

from __future__ import annotations

import json

from werkzeug.test import create_environ

from dcor_control.wsgi_guard import guarded, logged


def broken(environ, start_response):
    raise RuntimeError("the error page is broken, too")


def healthy(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine"]


def call(application, path):
    started = []
    body = b"".join(application(create_environ(path), lambda *given: started.append(given)))
    status, headers = started[0][:2]
    return status, dict(headers), body


def test_error_that_escapes_is_answered():
    status, headers, body = call(guarded(broken), "/dataset/x")
    assert (status, body) == ("500 INTERNAL SERVER ERROR", b"Internal Server Error")
    assert headers["Content-Length"] == "21"


def test_clients_of_the_api_get_their_envelope():
    status, headers, body = call(guarded(broken), "/api/3/action/dcserv")
    assert status.startswith("500")
    assert headers["Content-Type"] == "application/json;charset=utf-8"
    assert json.loads(body) == {
        "success": False,
        "error": {"__type": "Internal Server Error", "message": "Internal Server Error"},
    }


def test_everything_else_passes():
    assert call(guarded(healthy), "/")[2] == b"fine"


def test_the_log_is_told_the_path_in_one_line_and_never_the_query():
    noted = {}
    call(logged(healthy, noted.__setitem__), "/dataset/gr\xfcn%0Aforged?key=secret")
    assert noted == {"path": "/dataset/gr%C3%BCn%0Aforged"}
