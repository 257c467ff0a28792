"""Which requests may be answered from memory."""

from __future__ import annotations

import pytest

from ckan.lib import api_token

from ckanext.dc_serve.kept.requests import recognise

RID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"
QUERY = f"id={RID}&version=2&query=metadata"


def environ(**changes):
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/3/action/dcserv",
        "QUERY_STRING": QUERY,
    } | changes


@pytest.fixture(autouse=True)
def _ckan(ckan):
    """The name of the header with the token is an option."""


def test_plain_request():
    asked = recognise(environ())
    assert (asked.resource_id, asked.token_id) == (RID, None)


def test_empty_token_is_no_token():
    assert recognise(environ(HTTP_AUTHORIZATION="")).token_id is None


def test_token_is_recognised(tx, person):
    asked = recognise(environ(HTTP_AUTHORIZATION=person.token))
    assert asked.token_id
    assert person.token not in str(asked.key)


def test_wrong_token_goes_the_long_way():
    assert recognise(environ(HTTP_AUTHORIZATION="wrong")) is None


def test_token_that_expires_goes_the_long_way(tx, person, monkeypatch):
    known = api_token.decode(person.token)
    monkeypatch.setattr(api_token, "decode", lambda _token: known | {"exp": 4e9})
    assert recognise(environ(HTTP_AUTHORIZATION=person.token)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"PATH_INFO": "/api/3/action/status_show"},
        {"PATH_INFO": "/de/api/3/action/dcserv"},
        {"HTTP_COOKIE": "dcor=1"},
        {"HTTP_ORIGIN": "https://elsewhere.example.org"},
        {"HTTP_RANGE": "bytes=0-5"},
        {"HTTP_IF_NONE_MATCH": '"x"'},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"CONTENT_LENGTH": "2"},
        {"REMOTE_USER": "peter"},
        {"QUERY_STRING": QUERY + "&callback=f"},
        {"QUERY_STRING": QUERY + "&query=size"},
        {"QUERY_STRING": QUERY + "&x=" + "y" * 1000},
        {"QUERY_STRING": "query=metadata"},
        {"QUERY_STRING": "query=metadata&id=beads.rtdc"},
        {"QUERY_STRING": ""},
    ],
)
def test_everything_special_goes_the_long_way(changes):
    assert recognise(environ(**changes)) is None


def test_answers_of_different_requests_are_kept_apart(tx, new_person):
    first, second = new_person(), new_person()
    asked = [
        environ(),
        environ(PATH_INFO="/api/action/dcserv"),
        environ(QUERY_STRING=QUERY.replace("metadata", "size")),
        environ(HTTP_ACCEPT="text/csv"),
        environ(HTTP_AUTHORIZATION=first.token),
        environ(HTTP_AUTHORIZATION=second.token),
    ]
    assert len({recognise(one).key for one in asked}) == len(asked)
