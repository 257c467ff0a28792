"""Odd headers and slices in requests for features."""

from __future__ import annotations

import itertools

import pytest

API = "/api/3/action/dcserv"


@pytest.fixture
def given(make_condensed):
    """A valid request for a feature."""
    return {"id": make_condensed().id, "version": "3", "query": "feature", "feature": "deform"}


HEADERS = [
    {"Accept": value}
    for value in ("", ",,,", "text/*", "*/*;q=0", "image/webp", "text/csv;q=x", "/", "a" * 5000)
] + [
    {"Range": "bytes=900000-"},
    {"Range": "bytes=-0"},
    {"Range": "bytes=5-1"},
    {"Range": "lines=1-2"},
    {"Range": "bytes=0-1,3-4"},
    {"If-None-Match": "*"},
    {"If-None-Match": '"unterminated'},
    {"If-Modified-Since": "yesterday"},
    {"Cookie": "dcor=broken; x"},
    {"Origin": "https://elsewhere.example.org"},
    {"X-Forwarded-For": "1.2.3.4"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=repr)
@pytest.mark.parametrize("form", [None, "npy", "csv"])
def test_headers(app, given, headers, form):
    if form is not None:
        given["format"] = form
    answer = app.get(API, query_string=given, headers=headers)
    assert answer.status_code in {200, 206, 304, 416}
    assert answer.status_code == 200 or {"Range", "If-None-Match"} & set(headers)


STARTS = ["", "-1", "-999999999999", "999", "99999999999999999"]


@pytest.mark.parametrize("form", ["npy", "arrow", "csv", "json"])
def test_slices(app, given, form):
    for start, stop, step in itertools.product(STARTS, STARTS, ["", "1", "7", "99999999999999999"]):
        asked = given | {"start": start, "stop": stop, "step": step, "format": form}
        answer = app.get(API, query_string=asked)
        assert answer.status_code == 200, (start, stop, step, answer.body)
