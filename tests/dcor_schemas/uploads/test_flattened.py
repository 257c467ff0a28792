"""Fields of a flattened resource look the same, whether the schema knows them or not."""

from __future__ import annotations

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.uploads.flattened import flattened_resources


def test_resources_are_found_in_their_order():
    data = {("resources", 1, "id"): "b", ("resources", 0, "id"): "a", ("title",): "t"}
    assert [resource.id for resource in flattened_resources(data)] == ["a", "b"]


def test_a_missing_field_is_none():
    (resource,) = flattened_resources({("resources", 0, "size"): tk.missing})
    assert resource.get("size") is None


def test_a_field_of_the_schema_is_set_in_place():
    data = {("resources", 0, "size"): tk.missing}
    (resource,) = flattened_resources(data)
    resource.set("size", 7)
    assert data == {("resources", 0, "size"): 7}


def test_other_fields_join_the_extras():
    data = {("resources", 0, "id"): "a", ("resources", 0, "__extras"): {"sp:a:b": 1}}
    (resource,) = flattened_resources(data)
    resource.set("etag", "x")
    assert resource.get("etag") == "x"
    assert data["resources", 0, "__extras"] == {"sp:a:b": 1, "etag": "x"}
