"""A condensed file leads back to its original, and to what that refers to."""

from __future__ import annotations

import warnings

import dclab
import h5py
import numpy as np
import pytest

from dcor_shared.measurement.condensing import CondenseRequest
from dcor_shared.testing.measurements import write_measurement
from tests.dcor_shared.measurement.condensing.comparing import (
    RESOURCE,
    SOURCE_URL,
    basins_of,
)


def test_three_ways_lead_back_to_the_original(small, condensed):
    out, summary = condensed(small)
    dcserv, s3, http = basins_of(out)
    assert dcserv["name"] == "DCOR dcserv"
    assert dcserv["urls"] == [f"https://dcor.example.org/api/3/action/dcserv?id={RESOURCE}"]
    assert dcserv["description"] == "Original access via DCOR API"
    assert (s3["name"], s3["format"], s3["urls"]) == ("DCOR direct S3", "s3", [SOURCE_URL])
    assert s3["description"] == "Direct access via S3"
    assert (http["name"], http["format"]) == ("DCOR public S3 via HTTP", "http")
    assert http["description"] == "Public resource access via HTTP"
    for basin in (dcserv, s3, http):
        assert basin["type"] == "remote"
        assert basin["mapping"] == "same"
        assert basin["perishable"] is False
        assert basin["identifier"] is None
        assert basin["features"] == ["image", "image_bg", "mask"]
    assert summary.basin_features == []


@pytest.mark.parametrize(
    ("site_url", "usable"),
    [
        ("https://dcor.example.org", True),
        ("http://127.0.0.1", True),
        ("http://localhost", False),
        ("http://dcor.example.org:5000", False),
        ("http://127.0.0.1:5000", False),
        ("", False),
    ],
)
def test_a_site_that_no_client_accepts_gets_no_basin(site_url, usable):
    request = CondenseRequest(RESOURCE, "x.rtdc", site_url, SOURCE_URL)
    assert (request.dcserv_url is not None) is usable


def test_the_api_basin_is_left_out_for_such_a_site(small, condensed):
    out, _ = condensed(
        small, CondenseRequest(RESOURCE, "x.rtdc", "http://localhost:5000", SOURCE_URL)
    )
    assert [basin["format"] for basin in basins_of(out)] == ["s3", "http"]


def test_basins_of_the_original_are_kept(tmp_path, condensed):
    path = write_measurement(
        tmp_path / "downstream.rtdc",
        events=5,
        basins=[
            {
                "basin_name": "upstream",
                "basin_type": "file",
                "basin_format": "hdf5",
                "basin_locs": ["upstream.rtdc"],
            }
        ],
    )
    out, _ = condensed(path)
    assert [basin["name"] for basin in basins_of(out)][-1] == "upstream"
    assert len(basins_of(out)) == 4


def test_upstream_basins_are_added(small, condensed):
    upstream = {
        "name": "DCOR intra-dataset for orig.rtdc",
        "description": "Upstream DCOR intra-dataset resource",
        "url": "https://dcor.example.org/api/3/action/dcserv?id=other",
        "features": ["userdef3", "image"],
        "mapping": "same",
    }
    out, summary = condensed(
        small,
        CondenseRequest(
            RESOURCE, "x.rtdc", "https://dcor.example.org", SOURCE_URL, upstream=(upstream,)
        ),
    )
    assert summary.basin_features == ["image", "userdef3"]
    basin = next(b for b in basins_of(out) if b["name"] == upstream["name"])
    assert basin["urls"] == [upstream["url"]]
    assert basin["format"] == "dcor"
    assert "userdef3" not in summary.features


def test_upstream_basins_keep_their_mapping(tmp_path, condensed):
    def basin(name: str, mapping: np.ndarray) -> dict:
        return {
            "basin_name": name,
            "basin_type": "file",
            "basin_format": "hdf5",
            "basin_locs": [f"{name}.rtdc"],
            "basin_map": mapping.astype(np.int64),
        }

    path = write_measurement(
        tmp_path / "mapped.rtdc",
        events=4,
        basins=[basin("a", np.array([0, 2, 4, 6])), basin("b", np.array([1, 3, 5, 7]))],
    )
    upstream = {"name": "up", "url": "https://d.org/x", "features": ["userdef3"]}
    out, _ = condensed(
        path,
        CondenseRequest(
            RESOURCE,
            "x.rtdc",
            "https://dcor.example.org",
            SOURCE_URL,
            upstream=(
                {**upstream, "mapping": "basinmap1"},
                {**upstream, "name": "bad", "mapping": "basinmap7"},
            ),
        ),
    )
    names = {basin["name"]: basin["mapping"] for basin in basins_of(out)}
    assert names["up"] == "basinmap1"
    assert "bad" not in names
    with h5py.File(out) as h5:
        np.testing.assert_array_equal(h5["events/basinmap1"][:], [1, 3, 5, 7])
        np.testing.assert_array_equal(h5["events/basinmap0"][:], [0, 2, 4, 6])


def test_scalar_features_of_internal_basins_are_kept(tmp_path, condensed):
    path = write_measurement(
        tmp_path / "internal.rtdc",
        events=4,
        basins=[
            {
                "basin_name": "internal",
                "basin_type": "internal",
                "basin_format": "h5dataset",
                "basin_locs": ["basin_events"],
                "basin_feats": ["userdef1"],
                "basin_map": np.array([0, 1, 1, 0], dtype=np.int64),
                "internal_data": {"userdef1": np.array([3.0, 4.0])},
            }
        ],
    )
    out, summary = condensed(path)
    assert "userdef1" in summary.features
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with dclab.new_dataset(out, enable_basins=False) as ds:
            np.testing.assert_array_equal(ds["userdef1"][:], [3, 4, 4, 3])
