"""view.bin: the bundle from this origin, whole or in ranges."""

from __future__ import annotations

import hashlib

import pytest

from dcor_shared.objects.store import read_range
from tests.dc_view.conftest import ETAG, SUMMARY

from ckanext.dc_view.routes import bundle as bundle_route

DATA = bytes(range(40))


@pytest.fixture
def made(make_measurement, put_object):
    found = make_measurement()
    put_object(found, "view", DATA)
    return found


def ask(app, made, **headers):
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return app.get(made.route("view.bin"), headers=named)


def test_everything(app, made):
    answer = ask(app, made)
    assert answer.status_code == 200
    assert answer.get_data() == DATA
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == "40"


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("bytes=0-15", 0, 16), ("bytes=16-", 16, 40), ("bytes=-4", 36, 40), ("bytes=30-99", 30, 40)],
)
def test_ranges(app, made, wanted, start, stop):
    answer = ask(app, made, Range=wanted)
    assert answer.status_code == 206
    assert answer.get_data() == DATA[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/40"


@pytest.mark.parametrize("wanted", ["bytes=40-", "bytes=99-100", "bytes=-0"])
def test_ranges_beyond_the_end(app, made, wanted):
    answer = ask(app, made, Range=wanted)
    assert answer.status_code == 416
    assert answer.json["error"] == "bad-range"


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "bytes=5-2", "lines=1-2", "bytes=-", "x"])
def test_ranges_that_make_no_sense_are_ignored(app, made, wanted):
    assert ask(app, made, Range=wanted).status_code == 200


def test_conditions(app, made):
    etag = ask(app, made).headers["ETag"]
    assert etag == f'"{ETAG}-v{SUMMARY["step_version"]}"'
    assert ask(app, made, If_None_Match=etag).status_code == 304
    assert ask(app, made, Range="bytes=0-3", If_Range=etag).status_code == 206
    assert ask(app, made, Range="bytes=0-3", If_Range='"other"').status_code == 200


def test_a_bundle_that_was_made_anew_is_another_one(app, make_measurement, put_object):
    etag = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    made = make_measurement(summary=SUMMARY | {"etag": etag})
    assert put_object(made, "view", DATA) == etag
    assert ask(app, made).headers["ETag"] == f'"{etag}"'
    assert app.get(made.route("view.json")).json["bundle"]["etag"] == etag
    assert ask(app, made, Range="bytes=0-3", If_Range=f'"{ETAG}-v1"').status_code == 200
    # the object was replaced, and the record does not say so yet
    put_object(made, "view", DATA[::-1])
    for headers in ({}, {"Range": "bytes=0-3"}):
        assert ask(app, made, **headers).status_code == 503


def test_nothing_is_made_of_the_bytes(app, made):
    headers = ask(app, made, Range="bytes=0-3").headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_overview(app, make_measurement, store):
    answer = ask(app, make_measurement(summary=None))
    assert answer.status_code == 404
    assert answer.json["error"] == "no-overview"


def test_an_object_that_vanished(app, make_measurement, store):
    assert ask(app, make_measurement(), Range="bytes=0-3").json["error"] == "no-overview"


def test_private_data_are_not_publicly_cached(app, make_measurement, put_object, member):
    private = make_measurement(private=True)
    put_object(private, "view", DATA)
    answer = app.get(private.route("view.bin"), headers=member)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-15"}])
def test_to_know_of_it_nothing_is_fetched(app, made, monkeypatch, headers):
    fetched = []

    def note(store, name, start, stop, etag):
        fetched.append(stop - start)
        return read_range(store, name, start, stop, etag)

    monkeypatch.setattr(bundle_route, "read_range", note)
    answer = app.flask_app.test_client().head(made.route("view.bin"), headers=headers)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert answer.headers["Content-Length"] == "40"
    assert answer.headers["ETag"] == ask(app, made).headers["ETag"]
    assert fetched[0] == 1


def test_what_is_not_there_is_told_without_a_body(app, make_measurement, store):
    asked = app.flask_app.test_client().head(make_measurement().route("view.bin"))
    assert asked.status_code == 404
