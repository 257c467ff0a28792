"""Real measurements on the site are what they are on the disk."""

from __future__ import annotations

import dclab
import numpy as np
import pytest

from tests.clients.remote_dclab.acting import Uploaded, opened


@pytest.fixture(scope="module")
def beads(upload, real_data) -> Uploaded:
    return upload(real_data / "calibration_beads_47.rtdc", private=False)


@pytest.fixture(scope="module")
def blood(upload, real_data) -> Uploaded:
    return upload(real_data / "cytoshot_blood.rtdc", private=True)


def test_calibration_beads(beads):
    with opened(beads) as ds:
        assert len(ds) == 47
        assert ds.config["experiment"]["sample"] == "calibration_beads"
        assert ds.config["setup"]["identifier"] == "ZMDD-AcC-fe3cdd-2a2250"
        assert ds.logs["hans"][0] == "peter"
        assert ds["deform"][0] == pytest.approx(0.011666297, rel=1e-6)
        assert np.mean(ds["image"][0]) == pytest.approx(47.15595, abs=1e-4)
        assert len(ds["trace"]["fl1_raw"][0]) == 177
        condensed, original = ds.basins_get_dicts()
        assert len(original["features"]) == 34
        assert len(condensed["features"]) == 33
        assert {"index", "time", "volume"} <= set(condensed["features"])
        with dclab.new_dataset(beads.path) as local:
            np.testing.assert_allclose(ds["volume"][:], local["volume"][:], rtol=1e-6)


def test_cytoshot_blood(blood, served):
    with opened(blood, served.person) as ds:
        assert len(ds) == 8
        with dclab.new_dataset(blood.path) as local:
            table, expected = (one.tables["src_cytoshot_monitor"] for one in (ds, local))
            # dclab presents remote tables with one more dimension
            np.testing.assert_array_equal(
                np.ravel(table["brightness"]), np.ravel(expected["brightness"])
            )
            np.testing.assert_allclose(ds["volume"][:], local["volume"][:], rtol=1e-6)
        assert len(ds.basins_get_dicts()[0]["features"]) == 50
