"""The layer that keeps answers, around an application that counts its requests."""

from __future__ import annotations

import pytest

from ckanext.dc_serve.kept import layer as layer_module
from ckanext.dc_serve.kept import stamps
from ckanext.dc_serve.kept.layer import KeptAnswers

RID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"


class Application:
    """Answers with the number of the request."""

    def __init__(self):
        self.requests = 0
        self.status, self.headers, self.keeps = "200 OK", [("X", "y")], 30.0

    def __call__(self, environ, start_response):
        self.requests += 1
        if self.keeps is not None:
            environ["dc_serve.keep"] = self.keeps
        start_response(self.status, list(self.headers))
        return [b"answer ", str(self.requests).encode()]


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def answer(ckan, application, monkeypatch):
    """Asks; the stamp is what the test says."""
    kept = KeptAnswers(application)
    given = {}

    def ask(stamp="s", query="metadata", **environ):
        monkeypatch.setattr(stamps, "stamp", lambda *_: stamp)
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/3/action/dcserv",
            "QUERY_STRING": f"id={RID}&query={query}",
        } | environ
        body = b"".join(kept(environ, lambda *head: given.update(head=head)))
        return given["head"][0], dict(given["head"][1]), body

    return ask


def test_same_stamp_gets_the_same_answer(answer):
    assert answer() == answer() == ("200 OK", {"X": "y"}, b"answer 1")


def test_other_stamp_gets_another_answer(answer):
    answer("before")
    assert answer("after")[2] == b"answer 2"
    assert answer("after")[2] == b"answer 2"
    assert answer("before")[2] == b"answer 3"


def test_without_a_stamp_the_application_answers(answer):
    answer()
    assert answer(None)[2] == b"answer 2"
    assert answer()[2] == b"answer 1"


def test_other_queries_are_other_answers(answer):
    answer()
    assert answer(query="size")[2] == b"answer 2"


def test_only_what_the_application_declares_is_kept(answer, application):
    application.keeps = None
    answer()
    assert answer()[2] == b"answer 2"


def test_client_cannot_declare_anything(answer, application):
    application.keeps = None
    answer(**{"dc_serve.keep": 30.0})
    assert answer()[2] == b"answer 2"


@pytest.mark.parametrize(
    ("status", "headers"), [("403 FORBIDDEN", []), ("200 OK", [("Set-Cookie", "a=b")])]
)
def test_errors_and_cookies_are_not_kept(answer, application, status, headers):
    application.status, application.headers = status, headers
    answer()
    assert answer()[2] == b"answer 2"


def test_nothing_is_kept_for_ever(answer, application, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(layer_module.time, "monotonic", lambda: now[0])
    answer()
    now[0] += 29
    assert answer()[2] == b"answer 1"
    now[0] += 2
    assert answer()[2] == b"answer 2"


def test_time_of_the_first_answer_is_not_told_again(answer, application):
    application.headers = [("Server-Timing", "permission;dur=5000")]
    answer()
    _status, headers, body = answer()
    assert body == b"answer 1"
    assert headers["Server-Timing"].startswith("check;dur=")


def test_it_can_be_switched_off(answer, application, monkeypatch):
    from ckan.plugins import toolkit as tk

    monkeypatch.setitem(tk.config, "ckanext.dc_serve.keep_answers", False)
    answer()
    assert answer()[2] == b"answer 2"
