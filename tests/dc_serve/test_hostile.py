"""Whatever a client sends: an answer in the envelope, and never an error of the server."""

from __future__ import annotations

import pytest

API = "/api/3/action/dcserv"
VALUES = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "'; DROP TABLE package; --",
    "%s%(x)s{0}",
    "../../etc/passwd",
    "ü\U0001f9ea\u202e",
    "9" * 400,
    "-0",
    "1e5",
    "NaN",
    "null",
    "metadata",
    "x" * 5000,
]
ODD = [None, True, False, 0, -1, 10**30, 1.5, [], ["metadata"], {}, {"a": {"b": []}}]
NAMES = ["id", "query", "version", "feature", "source", "format", "start", "stop", "step"]
#: Refusals that say what is wrong.
REFUSALS = {403, 404, 409}


@pytest.fixture
def given(make_measurement):
    """A valid request for a feature that is not there."""
    made = make_measurement(condensed={"features": [], "columns": {}, "etag": "0" * 32})
    return {"id": made.id, "version": "3", "query": "feature", "feature": "deform"}


def check(answer):
    assert answer.status_code == 200 or answer.status_code in REFUSALS, answer.body
    assert answer.json["success"] is (answer.status_code == 200)
    if answer.status_code != 200:
        error = answer.json["error"]
        assert isinstance(error["__type"], str)
        assert isinstance(error["message"], str)


@pytest.mark.parametrize("name", NAMES)
def test_by_get(app, given, name):
    for value in VALUES:
        check(app.get(API, query_string=given | {name: value}))


@pytest.mark.parametrize("name", NAMES)
def test_by_post(app, given, name):
    for value in [*ODD, *VALUES]:
        check(app.post(API, json=given | {name: value}))


@pytest.mark.parametrize("name", NAMES)
def test_given_twice(app, given, name):
    pairs = [*given.items(), (name, "a"), (name, "b")]
    check(app.get(API, query_string=pairs))


@pytest.mark.parametrize("query", ["metadata", "all", "basins", "statistics", "status", "feature"])
def test_unknown_parameters(app, given, query):
    check(app.get(API, query_string=given | {"query": query, "context": "x", "ignore_auth": "1"}))


def test_form(app, given):
    answer = app.post(API, data=given | {"query": "size"})
    check(answer)
    assert answer.json["result"] == 47


@pytest.mark.parametrize("token", ["\x7f", "Bearer x", "a.b.c", "ü", "x" * 5000, "null", "-"])
def test_tokens(app, make_measurement, token):
    made = make_measurement(private=True)
    headers = {"Authorization": token}
    answer = app.get(API, query_string={"id": made.id, "query": "size"}, headers=headers)
    assert answer.status_code == 403
