"""Answers that are kept in memory: the same as the others, and outdated at once by any change.

The instance has several web processes; what is asked often enough is asked of all of them.
"""

from __future__ import annotations

import uuid
from contextlib import closing

import psycopg2
import pytest
import requests

from dcor_shared.testing.measurements import write_measurement
from tests.clients.remote_dclab.acting import EVENTS

OFTEN = 12
QUERIES = ["metadata", "size", "logs", "tables", "trace_list", "feature_list", "statistics"]


@pytest.fixture(scope="module")
def hidden(upload, tmp_path_factory):
    """A private measurement that nobody else uses."""
    path = write_measurement(tmp_path_factory.mktemp("hidden") / "hidden.rtdc", events=EVENTS)
    return upload(path, private=True)


def ask(uploaded, headers=None, query="metadata", **more):
    given = {"version": "3", "query": query} | more
    return requests.get(uploaded.url, params=given, headers=headers or {}, timeout=60)


def everywhere(uploaded, headers=None, **more):
    """Status codes of many requests, each on a connection of its own."""
    return {ask(uploaded, headers, **more).status_code for _ in range(OFTEN)}


def is_from_memory(answer):
    return answer.headers["Server-Timing"].startswith("check;")


def change(served, statement, **values):
    with closing(psycopg2.connect(served.database_url)) as link, link, link.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


@pytest.fixture
def reader(served, hidden):
    """Somebody who may read the private measurement: name and headers."""
    name = f"reader-{uuid.uuid4().hex[:10]}"
    made = served.call(
        "user_create",
        served.admin,
        name=name,
        email=f"{name}@example.org",
        password=uuid.uuid4().hex,
        with_apitoken=True,
    )
    circle = served.call("package_show", served.person, id=hidden.dataset)["owner_org"]
    served.call("organization_member_create", served.admin, id=circle, username=name, role="member")
    headers = {"Authorization": made["token"]}
    assert everywhere(hidden, headers) == {200}
    return name, circle, headers


@pytest.mark.parametrize("query", [*QUERIES, "feature"])
@pytest.mark.parametrize("kind", ["public", "private"])
def test_kept_answers_are_the_others(request, served, kind, query):
    uploaded = request.getfixturevalue(kind)
    headers = served.person.headers if kind == "private" else {}
    more = {"feature": "deform", "format": "npy"} if query == "feature" else {}
    # requests with cookies go all the way through CKAN
    whole = ask(uploaded, headers | {"Cookie": "a=b"}, query, **more)
    answers = [ask(uploaded, headers, query, **more) for _ in range(OFTEN)]
    assert not is_from_memory(whole)
    assert any(is_from_memory(answer) for answer in answers)
    for answer in answers:
        assert answer.content == whole.content
        different = {"Server-Timing", "Date"}
        assert {k: v for k, v in answer.headers.items() if k not in different} == {
            k: v for k, v in whole.headers.items() if k not in different
        }


def test_links_to_private_data_are_told_with_the_time_of_the_answer(private, served):
    for _ in range(OFTEN):
        (basin, _original) = ask(private, served.person.headers, "basins").json()["result"]
        assert basin["time_expiration"] - basin["time_request"] > 3000


def test_others_get_nothing(hidden, reader):
    assert everywhere(hidden) == {403}
    assert everywhere(hidden, {"Authorization": "wrong"}) == {403}


def test_revoked_token(hidden, served, reader):
    _name, _circle, headers = reader
    served.call("api_token_revoke", served.admin, token=headers["Authorization"])
    assert everywhere(hidden, headers) == {403}


def test_deleted_user(hidden, served, reader):
    name, _circle, headers = reader
    served.call("user_delete", served.admin, id=name)
    assert everywhere(hidden, headers) == {403}


def test_reader_who_leaves_the_circle(hidden, served, reader):
    name, circle, headers = reader
    served.call("organization_member_delete", served.admin, id=circle, username=name)
    assert everywhere(hidden, headers) == {403}


def test_collaborator(hidden, served, reader):
    """Somebody with no place in the circle, but in the dataset; the row counts, not who made it."""
    name, circle, headers = reader
    served.call("organization_member_delete", served.admin, id=circle, username=name)
    user = served.call("user_show", served.admin, id=name)["id"]
    given = {"user": user, "dataset": hidden.dataset}
    change(
        served,
        "INSERT INTO package_member (package_id, user_id, capacity, modified)"
        " VALUES (%(dataset)s, %(user)s, 'member', now())",
        **given,
    )
    with_collaboration = everywhere(hidden, headers)
    change(served, "DELETE FROM package_member WHERE user_id = %(user)s", **given)
    assert everywhere(hidden, headers) == {403}
    # whether collaborators may read at all is an option of CKAN
    assert with_collaboration in ({200}, {403})


def test_visibility(served, upload, tmp_path):
    uploaded = upload(write_measurement(tmp_path / "seen.rtdc", events=EVENTS), private=False)
    assert everywhere(uploaded) == {200}
    change(served, "UPDATE package SET private = true WHERE id = %(id)s", id=uploaded.dataset)
    assert everywhere(uploaded) == {403}
    change(served, "UPDATE package SET private = false WHERE id = %(id)s", id=uploaded.dataset)
    assert everywhere(uploaded) == {200}
    change(served, "UPDATE resource SET state = 'deleted' WHERE id = %(id)s", id=uploaded.id)
    assert everywhere(uploaded) == {404}
