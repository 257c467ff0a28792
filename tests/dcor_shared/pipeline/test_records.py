"""The record is for one object, and grows as steps find out more."""

from __future__ import annotations

import math

import pytest

from ckan import model

from dcor_shared.pipeline.records import Record, UnknownRecordKeyError, load, merge
from dcor_shared.pipeline.steps import PermanentFailureError

from .building import make_dataset


@pytest.fixture
def resource_id(tx):
    return make_dataset().resources[0]


def test_there_is_none_before_a_step_made_one(resource_id):
    assert load(model.Session, resource_id) is None


def test_what_steps_find_out_comes_together(resource_id):
    merge(model.Session, resource_id, "e", {"original": {"a": 1}, "identifier": "m"})
    merge(model.Session, resource_id, "e", {"condensed": {"b": 2}, "extra": {"x": 1}})
    merge(model.Session, resource_id, "e", {"extra": {"y": [2]}})
    assert load(model.Session, resource_id) == Record(
        resource_id, "e", {"a": 1}, {"b": 2}, "m", {"x": 1, "y": [2]}
    )


def test_nothing_of_another_object_is_kept(resource_id):
    merge(model.Session, resource_id, "old", {"original": {"a": 1}, "identifier": "m"})
    merge(model.Session, resource_id, "new", {"condensed": {"b": 2}})
    assert load(model.Session, resource_id) == Record(resource_id, "new", None, {"b": 2}, None, {})


def test_texts_that_postgresql_cannot_store_are_mended(resource_id):
    values = {"original": {"a\x00": ["b\x00", "c\ud800"]}, "identifier": "m\x00"}
    merge(model.Session, resource_id, "e", values)
    record = load(model.Session, resource_id)
    assert record.original == {"a\ufffd": ["b\ufffd", "c?"]}
    assert record.identifier == "m\ufffd"


def test_what_is_no_json_is_refused_for_good(resource_id):
    with pytest.raises(PermanentFailureError, match="'original' cannot be stored as JSON"):
        merge(model.Session, resource_id, "e", {"original": {"a": math.nan}})


def test_unknown_keys_are_refused(resource_id):
    with pytest.raises(UnknownRecordKeyError, match="features"):
        merge(model.Session, resource_id, "e", {"features": []})


def test_loading_is_one_statement(resource_id, statements):
    with statements() as seen:
        load(model.Session, resource_id)
    assert len(seen) == 1
