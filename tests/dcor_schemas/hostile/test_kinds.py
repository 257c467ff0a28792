"""Ids that are no texts and pages that are no numbers are refused with the key."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.dcor_schemas import kinds
from ckanext.dcor_schemas.kinds import (
    EXTRAS,
    LIST,
    MISSING,
    NUMBER,
    ONCE,
    SORT,
    TEXT,
    TEXTS,
    TRUTH,
    find,
    find_in_address,
)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "x", "q": "", "sort": None, "title": 5, "resources": [{"id": 5}]},
        {"limit": 5, "offset": "10", "rows": 0, "start": None},
        {"extras": [{"key": "a", "value": "b"}, {"key": "c", "value": 5}, {"id": []}]},
        {"datasets": ["a"], "order": [], "fq_list": "a:b", "organizations": None, "groups": "a"},
        {"include_users": "True", "all_fields": 1, "include_drafts": False, "include": ["-*"]},
    ],
)
def test_what_is_right_is_let_through(data):
    assert find(data) is None


@pytest.mark.parametrize("value", [5, True, 1.5, [], ["a"], {}, {"id": "x"}])
def test_ids_are_texts(value):
    assert find({"title": "T", "id": value}) == ("id", TEXT)


@pytest.mark.parametrize("value", ["", "x", "1.5", 1.5, True, [], [1], {}, -1, 2**31])
def test_pages_are_numbers(value):
    key, problem = find({"rows": value})
    assert key == "rows"
    assert problem.startswith(NUMBER)


@pytest.mark.parametrize("value", [None, "a", [None], [1], [["a"]], {"a": 1}, 5])
def test_lists_of_ids_are_texts(value):
    expected = MISSING if value is None else TEXTS
    assert find({"datasets": value}, "bulk_update_public") == ("datasets", expected)


@pytest.mark.parametrize("value", ["", "maybe", "5", 5, [], {}, 1.5])
def test_switches_are_on_or_off(value):
    assert find({"include_users": value}) == ("include_users", TRUTH)


@pytest.mark.parametrize(("key", "expected"), [("resources", LIST), ("q", TEXT)])
def test_null_is_not_taken_where_ckan_trips_over_it(key, expected):
    assert find({key: None}) == (key, expected)


@pytest.mark.parametrize("value", [[1], [{"id": "x"}], [[]], {"id": "x"}, 5])
@pytest.mark.parametrize("action", ["group_list", "organization_list"])
@pytest.mark.parametrize("key", ["groups", "organizations"])
def test_groups_are_chosen_by_name(action, key, value):
    assert find({key: value}, action) == (key, TEXTS)
    assert find({key: ["a"]}, action) is None


@pytest.mark.parametrize(("value", "expected"), [(" ", SORT), ("\t ", SORT), (5, TEXT)])
def test_sorting_is_by_something(value, expected):
    assert find({"sort": value}) == ("sort", expected)
    assert find_in_address({"sort": " "}) == ("sort", SORT)
    assert find_in_address({"sort": "name asc"}) is None


@pytest.mark.parametrize("part", [{"value": []}, {"key": {}}, {"value": ["a"]}])
def test_extras_are_texts(part):
    entry = {"key": "k", "value": "v"} | part
    assert find({"extras": [entry]}) == ("extras", EXTRAS)


def test_what_an_action_needs_is_named():
    assert find({"id": "x"}, "group_member_create") == ("username", MISSING)


def test_fields_of_forms_are_sent_once():
    assert kinds.find_in_form(MultiDict([("name", "a"), ("other", "a"), ("other", "b")])) is None
    assert kinds.find_in_form(MultiDict([("name", "a"), ("name", "b")])) == ("name", ONCE)
    assert kinds.find_in_form(MultiDict([("users", "a")])) == ("users", LIST)
    assert kinds.find_in_form(MultiDict(), is_member=True) == ("role", MISSING)


def test_an_action_names_the_key(call, person):
    error = call("package_show", person, status=409, id=["a", "b"])
    assert error["id"] == [TEXT]


def test_a_parameter_that_is_sent_twice_is_a_list(app):
    answer = app.get("/api/3/action/package_show?id=a&id=b")
    assert answer.status_code == 409
    assert answer.json["error"]["id"] == [TEXT]
    assert app.get("/api/3/action/package_search?rows=x").status_code == 409


def test_a_page_beyond_all_numbers_is_a_bad_request(app):
    assert app.get(f"/organization/?page={'9' * 30}").status_code == 400


def test_pages_of_groups_survive_a_query_that_is_not_understood(app, circle):
    answer = app.get(f"/organization/{circle['name']}", query_string={"q": '{"a": 1}'})
    assert answer.status_code == 200
