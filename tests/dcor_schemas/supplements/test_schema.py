"""The shipped supplement schema is what clients know; instances may bring their own."""

import json

import pytest

from ckanext.dcor_schemas.supplements import schema
from ckanext.dcor_schemas.supplements.values import parse


@pytest.fixture
def directory(monkeypatch, tmp_path):
    monkeypatch.setattr(schema.config, "json_resource_schema_dir", lambda: str(tmp_path))
    return tmp_path


@pytest.fixture
def shipped(monkeypatch):
    monkeypatch.setattr(schema.config, "json_resource_schema_dir", lambda: "package")


def document(**changes):
    item = {"key": "depth", "name": "Depth", "type": "float"}
    return {"key": "pool", "name": "Pool", "requires": {}, "items": [item]} | changes


def test_the_shipped_schema_has_36_items_in_six_sections(shipped):
    sections = ["general", "cells", "artificial", "chip", "experiment", "identifiers"]
    assert list(schema.load()) == sections
    assert len(schema.composite_keys()) == 36


def test_clients_start_with_the_sample_type(shipped):
    general = schema.load()["general"]
    assert general["requires"] == {}
    assert general["items"][0]["key"] == "sample type"
    assert general["items"][0]["options"] == ["choices fixed"]


def test_requirements_are_hints_for_clients(shipped):
    cells = schema.load()["cells"]
    assert cells["requires"] == {"general": {"sample type": ["primary cells", "cell line"]}}
    pathology = next(item for item in cells["items"] if item["key"] == "pathology")
    assert pathology["requires"] == {"general": {"sample type": ["primary cells"]}}


def test_every_example_is_a_valid_value_and_survives(shipped):
    for item in schema.section_items().values():
        assert parse(item, item.example) == item.example
        assert parse(schema.find_item(item.composite_key), item.example) == item.example


def test_composite_keys_name_section_and_item(shipped):
    item = schema.find_item("sp:cells:organism")
    assert (item.section, item.key, item.type) == ("cells", "organism", "string")
    assert all(key.count(":") == 2 for key in schema.composite_keys())


def test_unknown_composite_keys_are_key_errors(shipped):
    with pytest.raises(KeyError):
        schema.find_item("sp:cells:unknown")


def test_an_instance_may_bring_its_own_schema(directory):
    (directory / "my_pool.json").write_text(json.dumps(document()))
    (directory / "notes.txt").write_text("ignored")
    assert list(schema.load()) == ["pool"]
    assert schema.composite_keys() == {"sp:pool:depth"}


def test_broken_json_is_reported_with_its_path(directory):
    (directory / "my_pool.json").write_text("{")
    with pytest.raises(json.JSONDecodeError, match=r"my_pool\.json"):
        schema.load()


@pytest.mark.parametrize(
    "broken",
    [
        document(key="other"),
        document(items=[{"key": "a:b", "name": "x", "type": "float"}]),
        document(items=[{"key": "a", "name": "x", "type": "number"}]),
        document(items=[{"key": "a", "name": "", "type": "float"}]),
        document(items=[{"key": "a", "name": "x", "type": "float", "options": ["big"]}]),
    ],
)
def test_files_that_break_the_format_are_refused(directory, broken):
    (directory / "my_pool.json").write_text(json.dumps(broken))
    with pytest.raises(schema.BadSchemaError):
        schema.load()
