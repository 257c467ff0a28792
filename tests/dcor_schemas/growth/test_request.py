"""Requests that only add resources are recognised; everything else is left to CKAN."""

from __future__ import annotations

import json
import uuid

import pytest

from ckanext.dcor_schemas.growth.request import recognise

RID = str(uuid.uuid4())
NEW = {"id": RID, "name": "a.rtdc", "s3_available": True}
EXTEND = {"update__resources__extend": [NEW]}


@pytest.mark.parametrize(
    "request_",
    [
        {"match": {"id": "x"}},
        {"match": '{"id": "x"}'},
        {"match__id": "x"},
        {"match": {"id": "x", "name": "n"}},
        {"match": {"id": "x"}, "match__name": "n"},
    ],
)
def test_every_way_to_name_the_dataset_is_understood(request_):
    found = recognise({}, request_ | EXTEND)
    assert (found.reference, found.resources) == ("x", (NEW,))


def test_resources_may_be_json():
    found = recognise({}, {"match__name": "n", "update__resources__extend": json.dumps([NEW])})
    assert (found.reference, found.ids) == ("n", (RID,))


@pytest.mark.parametrize(
    "data",
    [
        {},
        EXTEND,
        {"match": {"id": "x"}},
        {"match": {"id": "x"}, "update": {}} | EXTEND,
        {"match": {"id": "x"}, "filter": []} | EXTEND,
        {"match": {"id": "x"}, "include": ["-*"]} | EXTEND,
        {"match": {"title": "x"}} | EXTEND,
        {"match": {"id": 5}} | EXTEND,
        {"match": {"id": "x"}, "match__id": "y"} | EXTEND,
        {"match": "nothing"} | EXTEND,
        {"match": {"id": "x"}, "update__title": "t"} | EXTEND,
        {"match": {"id": "x"}, "update__resources__extend": []},
        {"match": {"id": "x"}, "update__resources__extend": "["},
        {"match": {"id": "x"}, "update__resources__extend": [NEW, NEW]},
        {"match": {"id": "x"}, "update__resources__extend": [{"name": "a"}]},
        {"match": {"id": "x"}, "update__resources__extend": [NEW | {"id": "no-uuid"}]},
        {"match": {"id": "x"}, "update__resources__extend": [NEW | {"a": {}}]},
        {"match": {"id": "x"}, "update__resources__extend": [NEW | {"upload": "f"}]},
    ],
)
def test_anything_else_is_not(data):
    assert recognise({}, data) is None


@pytest.mark.parametrize("key", ["schema", "defer_commit", "return_id_only", "original_package"])
def test_calls_with_special_wishes_are_not(key):
    assert recognise({key: True}, {"match": {"id": "x"}} | EXTEND) is None
