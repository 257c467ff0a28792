"""Private measurements look alike to those who may not read them, and nothing of them shows.

That there is a measurement of some id is no secret in `dcserv` (403, not 404: clients rely on it),
but what it is, how far its processing is and whether its files are there. The download routes do
not even tell that.
"""

from __future__ import annotations

import re
import uuid

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

VERSION_2 = [
    "valid",
    "metadata",
    "size",
    "feature_list",
    "logs",
    "tables",
    "basins",
    "trace_list",
    "unknown",
]
VERSION_3 = [*VERSION_2, "all", "status", "statistics", "feature"]
CALLS = [("2", query) for query in VERSION_2] + [("3", query) for query in VERSION_3]
ROUTES = ["download/beads.rtdc", "condensed.rtdc"]


@pytest.fixture(params=["visitor", "stranger"])
def headers(request):
    """Those who may not read what is private."""
    return {} if request.param == "visitor" else request.getfixturevalue("stranger")


@pytest.fixture
def private(make_measurement, make_resource, note_step, put_object):
    """Private measurements of every kind, by what is special about them."""
    described = make_measurement(private=True, condensed={"features": ["volume"], "logs": {}})
    failed = make_resource(private=True)
    note_step(failed, "describe", "failed")
    stored = make_measurement(private=True)
    put_object(stored)
    put_object(stored, "condensed")
    return {
        "described and condensed": described,
        "not described": make_resource(private=True),
        "beyond description": failed,
        "with files": stored,
        "no measurement": make_resource(private=True, name="notes.txt", mimetype="text/plain"),
        "without an upload": make_resource(private=True, extras={}),
        "draft": make_measurement(state="draft"),
    }


@pytest.fixture
def absent(make_measurement):
    """Measurements that are not there."""
    deleted = make_measurement()
    model.Session.get(model.Resource, deleted.id).state = "deleted"
    model.Session.commit()
    return [deleted.id, str(uuid.uuid4())]


@pytest.fixture
def no_store(monkeypatch):
    """Whoever asks the object store gets an error."""
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")


def seen(answer, *ids):
    """What a reader sees of an answer, but for what was in the question."""
    # signed with the time
    body = re.sub(r'(name="_csrf_token" \w+)="[^"]*"', r"\1", answer.body)
    for one in ids:
        body = body.replace(one, "ID")
    kept = {"Content-Type", "Cache-Control", "Vary", "ETag", "Location"}
    return answer.status_code, body, tuple(sorted(kept & set(answer.headers.keys())))


@pytest.mark.parametrize(("version", "query"), CALLS)
def test_dcserv_says_the_same_of_all_private_measurements(
    app, private, headers, no_store, statements, version, query
):
    answers, counts = {}, {}
    # the use of a token is noted once in a while
    app.get("/api/3/action/status_show", headers=headers)
    for kind, made in private.items():
        given = {"id": made.id, "version": version, "query": query, "feature": "deform"}
        with statements() as executed:
            answer = app.get("/api/3/action/dcserv", query_string=given, headers=headers)
        answers[kind] = seen(answer, made.id)
        counts[kind] = len(executed)
    assert {status for status, *_rest in answers.values()} == {403}
    assert len(set(answers.values())) == 1, answers
    # the time that it takes tells nothing either
    assert len(set(counts.values())) == 1, counts


@pytest.mark.parametrize(("version", "query"), CALLS)
def test_dcserv_says_the_same_of_all_absent_measurements(
    app, absent, headers, no_store, version, query
):
    answers = set()
    for rid in absent:
        given = {"id": rid, "version": version, "query": query, "feature": "deform"}
        answer = app.get("/api/3/action/dcserv", query_string=given, headers=headers)
        answers.add(seen(answer, rid))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize("route", ROUTES)
def test_routes_do_not_tell_private_measurements_from_absent_ones(
    app, private, absent, headers, no_store, route
):
    places = [(made.package_id, made.id) for made in private.values()]
    dataset = places[0][0]
    places += [(dataset, rid) for rid in absent] + [(str(uuid.uuid4()), str(uuid.uuid4()))]
    answers = {}
    for did, rid in places:
        url = f"/dataset/{did}/resource/{rid}/{route}"
        answer = app.get(url, headers=headers, follow_redirects=False)
        answers[did, rid] = seen(answer, did, rid)
    assert {status for status, *_rest in answers.values()} == {404}
    assert len(set(answers.values())) == 1
