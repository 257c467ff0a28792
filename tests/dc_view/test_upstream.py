"""Measurements of the same dataset that have the images of one that has none."""

from __future__ import annotations

import pytest

from ckan import model

from dcor_shared.pipeline.facts import resource_facts
from tests.dc_view.conftest import ETAG

from ckanext.dc_view import upstream


@pytest.mark.parametrize("etag", [ETAG, "1" * 32])
def test_only_the_record_of_the_present_file_counts(make_resource, note_record, description, etag):
    raw = make_resource(extras={"etag": etag, "note": ETAG})
    note_record(raw, original=description, identifier="a")
    made = resource_facts(model.Session(), make_resource(package_id=raw.package_id).id)
    found = upstream._first(model.Session(), made, {"a": "same"})
    assert (found is not None) == (etag == ETAG)
