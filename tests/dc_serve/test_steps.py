"""The step condense: what it makes, stores and notes, with the real store and sandbox."""

from __future__ import annotations

import hashlib

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.store import head as look_at
from dcor_shared.objects.store import read_range
from dcor_shared.pipeline import planning, records
from dcor_shared.pipeline.steps import Queue, Reads, ResourceFacts, Step, StepResult
from dcor_shared.testing.measurements import write_measurement
from dcor_shared.testing.pipeline import only_steps, run_pending

from ckanext.dc_serve import config, steps


def facts(name="beads.rtdc"):
    return ResourceFacts("r", "p", "c", name, None, 1, "e", 0, is_public=True)


def test_declaration():
    assert steps.CONDENSE.name == "condense"
    assert steps.CONDENSE.queue == Queue.LONG
    assert steps.CONDENSE.reads == Reads.FILE
    assert steps.CONDENSE.timeout == 3600
    assert steps.CONDENSE.needs == ("describe",)


def test_measurements_are_condensed(ckan):
    assert steps.applies(facts())
    assert not steps.applies(facts("notes.txt"))


def test_condensing_can_be_switched_off(ckan, monkeypatch):
    monkeypatch.setitem(tk.config, config.CREATE_CONDENSED, value=False)
    assert not steps.applies(facts())


@pytest.fixture
def describe_stub():
    """Notes that the measurement is described; what it contains is no matter here."""
    result = StepResult(record={"original": {"features": ["deform"], "basins": []}})
    return Step(name="describe", version=1, run=lambda _context: result, title="Describe")


@pytest.fixture
def stored_measurement(tmp_path, make_resource, put_object):
    """A small measurement in the store, registered but not processed."""
    data = write_measurement(tmp_path / "m.rtdc", events=5).read_bytes()
    etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
    made = make_resource(extras={"etag": etag, "s3_available": True}, size=len(data))
    put_object(made, "resource", data)
    return made


def test_condensed_file_is_stored_and_noted(stored_measurement, describe_stub, store, tmp_path):
    import dclab

    made = stored_measurement
    with only_steps(describe_stub, steps.CONDENSE):
        planning.plan(model.Session(), made.package_id)
        model.Session.commit()
        states = run_pending([made.id])[made.id]
    assert [(one.step, str(one.state), one.error_text) for one in states] == [
        ("describe", "done", None),
        ("condense", "done", None),
    ]
    name = object_name(store.settings, made.circle_id, made.id, "condensed")
    found = look_at(store, name)
    assert found.content_type == steps.MEDIA_TYPE
    path = tmp_path / "condensed.rtdc"
    path.write_bytes(read_range(store, name, 0, found.size))
    summary = records.load(model.Session, made.id).condensed
    with dclab.new_dataset(path) as ds:
        assert len(ds) == 5
        assert "volume" in ds.features_innate
        assert "image" not in ds.features_innate
        assert "dclab-condense" in ds.logs
        assert set(summary["features"]) <= set(ds.features_innate)
        urls = [url for basin in ds.basins_get_dicts() for url in basin["urls"]]
    assert {"volume", "deform"} <= set(summary["features"])
    assert "dclab-condense" in summary["logs"]
    original = object_name(store.settings, made.circle_id, made.id)
    assert object_url(store.settings, original) in urls
