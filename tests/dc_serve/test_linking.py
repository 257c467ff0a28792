"""Files that were derived from another one refer to it, whichever was uploaded first."""

from __future__ import annotations

import hashlib
import json
import warnings

import dclab
import h5py
import numpy as np
import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import read_range, require
from dcor_shared.pipeline import catching_up, planning, records
from dcor_shared.pipeline.model import StepRow
from dcor_shared.testing.measurements import write_measurement
from dcor_shared.testing.pipeline import only_steps, run_pending

from ckanext.dc_serve import config, steps
from ckanext.dcor_schemas.steps import DESCRIBE, SETTLE

SITE = "https://dcor.example.org"
#: What is linked waits for the next round, and so does what is linked to that.
_ROUNDS = 4


def export(source, target, features, chosen=None):
    """Export a measurement as people do, with basins; `chosen` filters its events."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with dclab.new_dataset(source) as ds:
            if chosen is not None:
                ds.filter.manual[:] = chosen
                ds.apply_filter()
            ds.export.hdf5(target, features=features, filtered=chosen is not None, basins=True)
    return target


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Anakin, its export Luke, and Rey, a filtered export of Luke."""
    folder = tmp_path_factory.mktemp("chain")
    anakin = write_measurement(folder / "anakin.rtdc", events=12)
    with h5py.File(anakin, "a") as h5:
        h5["events/userdef3"] = np.arange(12.0)
    luke = export(anakin, folder / "luke.rtdc", ["area_um", "deform"])
    export(luke, folder / "rey.rtdc", ["deform"], np.arange(12) > 4)
    return folder


@pytest.fixture
def upload(make_resource, put_object, files, monkeypatch):
    """Puts files into one dataset, one after the other, and lets all steps run each time."""
    monkeypatch.setitem(tk.config, "ckan.site_url", SITE)
    datasets = []

    def do(name):
        data = (files / name).read_bytes()
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        extras = {"etag": etag, "s3_available": True}
        made = make_resource(name=name, extras=extras, size=len(data))
        put_object(made, "resource", data)
        datasets.append(made.package_id)
        resource = model.Session.get(model.Resource, made.id)
        resource.package_id, resource.position = datasets[0], len(datasets) - 1
        model.Session.flush()
        planning.plan(model.Session(), datasets[0])
        model.Session.commit()
        for _round in range(_ROUNDS):
            run_pending()
        return made

    with only_steps(SETTLE, DESCRIBE, steps.CONDENSE, steps.LINK):
        yield do


@pytest.fixture
def basins_of(store):
    """Basins to other measurements of the dataset, as the condensed file has them, by name."""

    def read(made):
        name = object_name(store.settings, made.circle_id, made.id, "condensed")
        found = require(store, name)
        data = read_range(store, name, 0, found.size, found.etag)
        with h5py.File.in_memory(data) as h5:
            texts = [b"".join(h5["basins"][key][:]) for key in h5["basins"]]
        basins = map(json.loads, texts)
        return {
            basin["name"]: basin
            for basin in basins
            if basin["name"].startswith(("DCOR intra-dataset", "DCOR self-reference"))
        }

    return read


def offered(made):
    return set(records.load(model.Session(), made.id).condensed["basin_features"])


def attempts(made):
    model.Session.expire_all()
    return {
        name: model.Session.get(StepRow, (made.id, name)).attempt
        for name in (steps.NAME, steps.LINK_NAME)
    }


def test_upstream_that_came_first_is_referred_to(upload, basins_of):
    anakin, luke = upload("anakin.rtdc"), upload("luke.rtdc")
    basin = basins_of(luke)["DCOR intra-dataset for anakin.rtdc"]
    assert basin["urls"] == [f"{SITE}/api/3/action/dcserv?id={anakin.id}"]
    assert basin["mapping"] == "same"
    assert {"userdef3", "volume", "image"} <= set(basin["features"])
    assert offered(luke) >= {"userdef3", "volume"}
    assert not basins_of(anakin)


def test_upstream_that_comes_later_is_referred_to_as_well(upload, basins_of):
    rey = upload("rey.rtdc")
    assert not basins_of(rey)
    anakin = upload("anakin.rtdc")
    basin = basins_of(rey)["DCOR intra-dataset for anakin.rtdc"]
    assert basin["urls"] == [f"{SITE}/api/3/action/dcserv?id={anakin.id}"]
    assert basin["mapping"] == "basinmap0"
    assert "userdef3" in basin["features"]


@pytest.mark.parametrize(
    "order", [("anakin", "luke", "rey"), ("rey", "luke", "anakin"), ("luke", "rey", "anakin")]
)
def test_a_chain_does_not_depend_on_the_order(order, upload, basins_of):
    made = {name: upload(f"{name}.rtdc") for name in order}
    found = basins_of(made["rey"])
    assert set(found) == {f"DCOR intra-dataset for {name}.rtdc" for name in ("anakin", "luke")}
    assert {basin["mapping"] for basin in found.values()} == {"basinmap0"}
    assert offered(made["rey"]) >= {"userdef3", "volume", "area_um"}
    assert offered(made["luke"]) >= {"userdef3", "volume"}


def test_it_comes_to_an_end(upload):
    made = [upload(f"{name}.rtdc") for name in ("rey", "luke", "anakin")]
    states = run_pending([one.id for one in made])
    assert {str(status.state) for found in states.values() for status in found} <= {
        "done",
        "skipped",
    }
    before = [attempts(one) for one in made]
    run_pending()
    assert [attempts(one) for one in made] == before


def test_nothing_is_linked_when_it_is_switched_off(upload, basins_of, monkeypatch):
    monkeypatch.setitem(tk.config, config.INTRA_DATASET_BASINS, value=False)
    luke = upload("luke.rtdc")
    upload("anakin.rtdc")
    assert not basins_of(luke)
    catching_up.do(luke.id, steps.CONDENSE)
    assert not basins_of(luke)
    assert attempts(luke)[steps.LINK_NAME] == 0


def test_what_does_not_change_is_not_condensed_again(upload):
    anakin, luke = upload("anakin.rtdc"), upload("luke.rtdc")
    noted = records.load(model.Session(), anakin.id).condensed
    upload("rey.rtdc")
    assert records.load(model.Session(), anakin.id).condensed == noted
    assert attempts(luke) == {steps.NAME: 1, steps.LINK_NAME: 1}
