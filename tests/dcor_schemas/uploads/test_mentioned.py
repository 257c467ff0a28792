"""New resources, datasets and states are found in every shape that CKAN's actions understand."""

from __future__ import annotations

import json
import uuid

import pytest

from ckanext.dcor_schemas.uploads.mentioned import (
    changed_dataset,
    mentioned_resources,
    requested_state,
    revised_dataset,
)

ID = str(uuid.uuid4())
OTHER = str(uuid.uuid4())


@pytest.mark.parametrize(
    "data",
    [
        {"resources": [{"id": ID}]},
        {"resources": [{"name": "a.rtdc"}, {"id": ID}]},
        {"update": {"resources": [{"id": ID}]}},
        {"update": json.dumps({"resources": [{"id": ID}]})},
        {"update__resources__extend": [{"id": ID}]},
        {"update__resources__extend": json.dumps([{"id": ID}])},
        {"update__resources": json.dumps([{"id": ID}])},
        {"update__resources__0": {"id": ID}},
        {"update__resources__-1": json.dumps({"id": ID})},
        {"update__resources__0__id": ID},
        {"resources__0__id": ID},
    ],
)
def test_a_new_resource_is_found(data):
    assert mentioned_resources(data) == {ID: ""}


def test_its_name_is_the_one_beside_its_id():
    new = {"name": "a.rtdc", "id": ID, "sp:chip:name": "3x5"}
    data = {"name": "dataset", "update__resources__extend": json.dumps([new])}
    assert mentioned_resources(data) == {ID: "a.rtdc"}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": ID},
        {"match": {"id": ID}},
        {"match__id": ID},
        {"groups": [{"id": ID}]},
        {"resources": [{"id": ID.upper()}]},
        {"resources": [{"id": "no uuid"}]},
        {"resources": [{"name": ID}]},
        {"update": "[not json"},
        {"resources": None},
    ],
)
def test_nothing_else_is_taken_for_a_resource(data):
    assert mentioned_resources(data) == {}


def test_the_id_of_a_request_for_a_resource_is_its_id():
    assert mentioned_resources({"id": ID, "package_id": OTHER}, is_resource=True) == {ID: ""}


def test_deeply_nested_values_end_the_search():
    data = {"resources": [{"id": ID}]}
    for _ in range(50):
        data = {"resources": [data]}
    assert mentioned_resources(data) == {}


@pytest.mark.parametrize(
    "data",
    [
        {"state": "active"},
        {"update": {"state": "active"}},
        {"update": '{"state": "active"}'},
        {"update__state": "active"},
        {"update__state": '"active"'},
    ],
)
def test_the_wanted_state_is_found(data):
    assert requested_state(data) == "active"


def test_no_word_about_the_state_is_no_wish():
    assert requested_state({"update": {"title": "active"}}) is None


@pytest.mark.parametrize(
    "data",
    [
        {"match": {"id": "x"}},
        {"match": '{"name": "x"}'},
        {"match__id": "x", "match": {"id": "y"}},
        {"match__name": "x", "id": "y"},
    ],
)
def test_the_revised_dataset_is_the_one_that_ckan_matches(data):
    assert revised_dataset(data) == "x"


def test_the_changed_dataset_is_named_by_id_or_name():
    assert changed_dataset({"id": "x", "name": "y", "match": {"id": "z"}}) == "x"
    assert changed_dataset({"name": "y"}) == "y"
    assert changed_dataset({"id": ["x"]}) is None
