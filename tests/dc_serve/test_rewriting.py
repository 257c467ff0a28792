"""The command ``ckan dcor-rewrite-condensed-basins``: condensed files after a move."""

from __future__ import annotations

import hashlib
import json

import h5py
import pytest
from click.testing import CliRunner

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import delete, read_range, require
from dcor_shared.pipeline import planning, records
from dcor_shared.pipeline.model import StepRow
from dcor_shared.testing.measurements import write_measurement
from dcor_shared.testing.pipeline import only_steps, run_pending

from ckanext.dc_serve import steps
from ckanext.dc_serve.rewriting import rewrite_condensed_basins
from ckanext.dcor_schemas.steps import DESCRIBE, SETTLE


def run(*arguments):
    return CliRunner().invoke(rewrite_condensed_basins, arguments, catch_exceptions=False)


@pytest.fixture
def condensed(tmp_path, make_resource, put_object, monkeypatch, store):
    """A measurement that was condensed at an old place."""
    monkeypatch.setitem(tk.config, "ckan.site_url", "https://old.example.org")
    data = write_measurement(tmp_path / "m.rtdc", events=5).read_bytes()
    etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
    made = make_resource(extras={"etag": etag, "s3_available": True}, size=len(data))
    put_object(made, "resource", data)
    with only_steps(SETTLE, DESCRIBE, steps.CONDENSE):
        planning.plan(model.Session(), made.package_id)
        model.Session.commit()
        run_pending()
        yield made


@pytest.fixture
def moved(condensed, monkeypatch):
    """The same after the site has moved."""
    monkeypatch.setitem(tk.config, "ckan.site_url", "https://new.example.org")
    return condensed


def content(store, made, tmp_path):
    name = object_name(store.settings, made.circle_id, made.id, "condensed")
    found = require(store, name)
    path = tmp_path / "condensed.rtdc"
    path.write_bytes(read_range(store, name, 0, found.size, found.etag))
    with h5py.File(path) as h5:
        basins = [json.loads(b"".join(h5["basins"][key][:])) for key in h5["basins"]]
        return found.etag, [url for basin in basins for url in basin["urls"]]


def step_of(made):
    model.Session.expire_all()
    return model.Session.get(StepRow, (made.id, steps.NAME))


def test_nothing_is_done_without_a_move(condensed, store, tmp_path):
    before = content(store, condensed, tmp_path)
    assert "Done! 0 of 1" in run().output
    assert content(store, condensed, tmp_path) == before


def test_a_dry_run_changes_nothing(moved, store, tmp_path):
    before = content(store, moved, tmp_path)
    assert f"Would rewrite: beads.rtdc ({moved.id})" in run("--dry-run").output
    assert content(store, moved, tmp_path) == before


def test_condensed_files_lead_to_the_new_place(moved, store, tmp_path):
    assert f"OK: beads.rtdc ({moved.id})" in run().output
    etag, urls = content(store, moved, tmp_path)
    assert f"https://new.example.org/api/3/action/dcserv?id={moved.id}" in urls
    assert not any("old.example.org" in url for url in urls)
    record = records.load(model.Session(), moved.id)
    assert record.condensed["etag"] == etag
    assert record.condensed["addresses"]["dcserv"] in urls
    assert {"volume", "deform"} <= set(record.condensed["columns"])
    assert step_of(moved).state == "done"
    assert "Done! 0 of 1" in run().output


def test_other_datasets_are_left_alone(moved):
    assert "Done! 0 of 0" in run("--dataset", "another").output
    assert "Done! 1 of 1" in run("--resource", moved.id).output


def test_what_is_being_condensed_is_left_alone(moved, store, tmp_path):
    before = content(store, moved, tmp_path)
    step_of(moved).state = "pending"
    model.Session.commit()
    assert "Left alone: beads.rtdc" in run().output
    assert content(store, moved, tmp_path) == before


def test_a_lost_condensed_file_is_made_anew_from_the_original(moved, store, tmp_path):
    name = object_name(store.settings, moved.circle_id, moved.id, "condensed")
    delete(store, name)
    result = run()
    assert "it is condensed anew" in result.output
    assert step_of(moved).state == "pending"
    step_of(moved).not_before = step_of(moved).created
    model.Session.commit()
    run_pending()
    _, urls = content(store, moved, tmp_path)
    assert f"https://new.example.org/api/3/action/dcserv?id={moved.id}" in urls
