"""Basins in files that were found through basins."""

from __future__ import annotations

import dclab
import numpy as np
import pytest
import requests

from dcor_shared.testing.measurements import write_measurement
from tests.clients.remote_dclab.acting import EVENTS, opened

#: dclab asks for a distant file's ETag, and Ceph gives one; it tries S3 without credentials too.
PICTURES = ["image", "image_bg", "mask"]


@pytest.fixture(scope="module")
def derived(upload, public, tmp_path_factory):
    """A measurement without pictures that names the file in which they are."""
    with opened(public) as ds:
        (url,) = ds.basins_get_dicts()[1]["urls"]
    basin = {
        "basin_name": "the recording",
        "basin_type": "remote",
        "basin_format": "http",
        "basin_locs": [url],
        "basin_feats": PICTURES,
    }
    path = write_measurement(
        tmp_path_factory.mktemp("derived") / "derived.rtdc",
        events=EVENTS,
        image=False,
        mask=False,
        image_bg=False,
        basins=[basin],
    )
    return upload(path, private=False)


def test_basins_of_the_original_stay_as_they_are(derived, local):
    with opened(derived) as ds:
        (url,) = ds.basins_get_dicts()[1]["urls"]
        assert "image" not in ds.features_basin
    with dclab.new_dataset(url) as ds:
        assert "image" not in ds.features_innate
        np.testing.assert_array_equal(ds["image"][3], local["image"][3])


def test_condensed_file_leads_to_the_pictures(public, served, local, tmp_path):
    url = f"{served.url}/dataset/{public.dataset}/resource/{public.id}/condensed.rtdc"
    path = tmp_path / "condensed.rtdc"
    path.write_bytes(requests.get(url, timeout=60).content)
    with dclab.new_dataset(path) as ds:
        assert sorted(basin.basin_format for basin in ds.basins) == ["http", "s3"]
        assert set(PICTURES) <= set(ds.features_basin)
        np.testing.assert_array_equal(ds["image"][3], local["image"][3])
        np.testing.assert_array_equal(ds["mask"][3], local["mask"][3])


def test_condensed_file_of_a_derived_measurement_keeps_its_basins(derived, served, tmp_path, local):
    url = f"{served.url}/dataset/{derived.dataset}/resource/{derived.id}/condensed.rtdc"
    path = tmp_path / "condensed.rtdc"
    path.write_bytes(requests.get(url, timeout=60).content)
    with dclab.new_dataset(path) as ds:
        assert "the recording" in {basin.name for basin in ds.basins}
        np.testing.assert_array_equal(ds["image"][3], local["image"][3])
