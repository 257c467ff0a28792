"""After a move, condensed files lead to the new addresses, and nothing else in them changes."""

from __future__ import annotations

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest

from dcor_shared.measurement.condensing import CondenseRequest, condense
from dcor_shared.measurement.condensing_rewriting import rewrite
from dcor_shared.measurement.description import describe
from dcor_shared.measurement.sources import FileSource
from dcor_shared.testing.measurements import table_with_gaps, write_measurement

ID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"
KEY = "resource/fb7/19f/b2-bd9f-817a-7d70-f4002af916f0"
OLD = CondenseRequest(
    ID,
    "beads.rtdc",
    "https://old.example.org",
    f"https://s3.old.example.org/circle-1/{KEY}",
    upstream=(
        {
            "name": "DCOR intra-dataset for orig.rtdc",
            "description": "Upstream DCOR intra-dataset resource",
            "url": "https://old.example.org/api/3/action/dcserv?id=other",
            "features": ["userdef3"],
            "mapping": "basinmap0",
        },
    ),
)
NEW = replace(
    OLD,
    site_url="https://new.example.org",
    source_url=f"http://127.0.0.1:9000/moved-1/{KEY}",
    upstream=(OLD.upstream[0] | {"url": "https://new.example.org/api/3/action/dcserv?id=other"},),
)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A measurement with basins of its own, one of which looks like one of ours."""
    common = {"basin_type": "file", "basin_format": "hdf5", "basin_locs": ["orig.rtdc"]}
    remote = {
        "basin_name": "DCOR dcserv",
        "basin_type": "remote",
        "basin_format": "dcor",
        "basin_locs": ["https://old.example.org/api/3/action/dcserv?id=somebody-elses"],
        "basin_feats": ["image"],
    }
    internal = {
        "basin_name": "internal",
        "basin_type": "internal",
        "basin_format": "h5dataset",
        "basin_locs": ["basin_events"],
        "basin_feats": ["userdef1"],
        "basin_map": np.array([0, 1, 1, 0], dtype=np.int64),
        "internal_data": {"userdef1": np.array([3.0, 4.0])},
    }
    mapping = {"basin_map": np.array([3, 2, 1, 0], dtype=np.int64)}
    return write_measurement(
        tmp_path_factory.mktemp("original") / "original.rtdc",
        events=4,
        tables={"named": table_with_gaps()},
        basins=[common | {"basin_name": "orig"} | mapping, remote, internal],
    )


@pytest.fixture
def rewritten(original, tmp_path):
    """The condensed file, the rewritten one, and both summaries."""
    before, after = tmp_path / "before.rtdc", tmp_path / "after.rtdc"
    summary = condense(original, before, OLD)
    about = describe(FileSource(original), name="original.rtdc")
    keys = [basin["key"] for basin in about.basins]
    changed = rewrite(before, after, NEW, features=about.features, basin_keys=keys)
    return before, after, summary, changed


def basins_of(path) -> list[dict]:
    with h5py.File(path) as h5:
        found = [json.loads(b"".join(h5["basins"][key][:])) for key in h5["basins"]]
    return sorted(found, key=lambda basin: (basin["name"], str(basin.get("urls"))))


def test_it_equals_a_file_that_is_condensed_at_the_new_place(rewritten, original, tmp_path):
    _, after, _, changed = rewritten
    there = tmp_path / "there.rtdc"
    summary = condense(original, there, NEW)
    assert basins_of(after) == basins_of(there)
    with h5py.File(after) as ours, h5py.File(there) as theirs:
        assert set(ours["basins"]) == set(theirs["basins"])
    assert set(changed["columns"]) == set(summary.columns)
    assert changed["statistics"] == summary.statistics
    assert changed["basin_features"] == summary.basin_features
    assert changed["addresses"] == summary.addresses
    assert changed["size"] == after.stat().st_size


def test_no_old_address_is_left_but_that_of_the_uploader_and_in_the_log(rewritten):
    _, after, _, _ = rewritten
    old = [url for basin in basins_of(after) for url in basin.get("urls", ()) if "old" in url]
    assert old == ["https://old.example.org/api/3/action/dcserv?id=somebody-elses"]


def test_nothing_else_changes(rewritten):
    before, after, _, _ = rewritten
    with h5py.File(before) as old, h5py.File(after) as new:
        assert dict(old.attrs) == dict(new.attrs)
        for group in ("events", "basin_events", "logs", "tables"):
            assert set(old[group]) == set(new[group])
            for name in old[group]:
                assert old[group][name].dtype == new[group][name].dtype
                assert old[group][name][:].tobytes() == new[group][name][:].tobytes()
        for name in old["events"]:
            assert set(old["events"][name].attrs) == set(new["events"][name].attrs)


def test_a_site_that_clients_do_not_accept_gets_no_basin(original, tmp_path):
    before, after = tmp_path / "before.rtdc", tmp_path / "after.rtdc"
    condense(original, before, OLD)
    local = replace(NEW, site_url="http://localhost:5000", upstream=())
    rewrite(before, after, local, features=["image"], basin_keys=[])
    assert [basin["format"] for basin in basins_of(after)] == ["s3", "http", "h5dataset"]
