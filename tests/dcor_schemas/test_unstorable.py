"""Whatever is sent, the answer names the value that cannot be stored; it is never a 500."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.dcor_schemas.unstorable import NUMBER, TEXT, find

_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text("aé😀"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("aé😀"), inner),
    max_leaves=10,
)
NUL, HALF = "a\x00b", "a\ud800b"


@given(_JSON)
def test_ordinary_values_are_let_through(value):
    assert find(value) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"title": NUL}, ("title", TEXT)),
        ({"title": HALF}, ("title", TEXT)),
        ({"resources": [{"name": "a"}, {"name": NUL}]}, ("resources__1__name", TEXT)),
        ({"extras": [{NUL: 1}]}, ("extras__0__a\N{REPLACEMENT CHARACTER}b", TEXT)),
        ({"size": float("inf")}, ("size", NUMBER)),
        ({"size": [float("nan")]}, ("size__0", NUMBER)),
    ],
)
def test_the_first_value_that_cannot_be_stored_is_found(value, found):
    assert find(value) == found


@pytest.mark.parametrize("text", [NUL, HALF])
@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("package_create", "title"),
        ("package_patch", "notes"),
        ("package_show", "id"),
        ("resource_patch", "id"),
        ("organization_create", "title"),
        ("group_create", "name"),
        ("user_update", "about"),
        ("package_search", "q"),
        ("member_create", "object"),
        ("resource_upload_s3_urls", "organization_id"),
    ],
)
def test_no_action_takes_them(call, person, action, key, text):
    error = call(action, person, status=409, **{key: text})
    assert error[key] == [TEXT]


def test_nested_values_are_named(call, person, draft):
    extras = [{"key": "a", "value": NUL}]
    error = call(
        "package_revise", person, status=409, match={"id": draft["id"]}, update={"extras": extras}
    )
    assert error["update__extras__0__value"] == [TEXT]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400 + ".0"])
def test_infinite_numbers_are_not_taken(app, person, number):
    answer = app.post(
        "/api/3/action/resource_upload_s3_urls",
        data=f'{{"organization_id": "x", "file_size": {number}}}',
        content_type="application/json",
        headers=person.headers,
    )
    assert answer.status_code == 409
    assert answer.json["error"]["file_size"] == [NUMBER]


def test_whole_emoji_and_words_are_fine(call, person, draft):
    title = "NaN and Infinity 😀"
    assert call("package_patch", person, id=draft["id"], title=title)["title"] == title


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "{", "\\u0000", '"text"'])
def test_what_is_no_json_object_is_refused(app, person, body):
    answer = app.post(
        "/api/3/action/package_create",
        data=body,
        content_type="application/json",
        headers=person.headers,
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["/dataset/a%00b", "/dataset/?q=a%00b", "/group/%00", "/organization/a%00"]
)
def test_pages_refuse_them(app, person, path):
    assert app.get(path, headers=person.headers).status_code == 400


def test_api_queries_refuse_them(app, person):
    answer = app.get("/api/3/action/package_show?id=a%00b", headers=person.headers)
    assert answer.status_code == 409
    assert answer.json["error"]["id__0"] == [TEXT]
