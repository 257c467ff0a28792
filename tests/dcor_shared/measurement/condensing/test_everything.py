"""Every feature that dclab can compute is in a condensed file, with dclab's values."""

from __future__ import annotations

import warnings

import h5py
import numpy as np
import pytest
from dclab import definitions
from dclab.rtdc_dataset.feat_anc_core import AncillaryFeature

from dcor_shared.measurement.features.planning import COMPUTABLE
from dcor_shared.testing.measurements import table_with_gaps, write_measurement
from tests.dcor_shared.measurement.condensing.comparing import assert_equal_content

EVENTS = 30
CALCULATION = {
    "calculation:emodulus lut": "LE-2D-FEM-19",
    "calculation:emodulus medium": "CellCarrier",
    "calculation:emodulus temperature": 23.0,
    "calculation:emodulus viscosity model": "buyukurganci-2022",
    **{f"calculation:crosstalk fl{pair}": 0.1 for pair in (12, 13, 21, 23, 31, 32)},
}
INTERNAL_BASIN = {
    "basin_name": "internal",
    "basin_type": "internal",
    "basin_format": "h5dataset",
    "basin_locs": ["basin_events"],
    "basin_feats": ["userdef1"],
    "basin_map": np.arange(EVENTS, dtype=np.int64) % 2,
    "internal_data": {"userdef1": np.array([3.0, 4.0])},
}


@pytest.fixture
def measurement(tmp_path):
    """A measurement that gives dclab all it needs, and holds nothing that dclab can compute."""
    path = write_measurement(
        tmp_path / "everything.rtdc",
        events=EVENTS,
        fluorescence=True,
        logs={"hans": ["peter", "größer"]},
        tables={"named": table_with_gaps(), "image": np.eye(3)},
        metadata=CALCULATION,
        basins=[INTERNAL_BASIN],
    )
    random = np.random.default_rng(1)
    with h5py.File(path, "a") as h5:
        for name in ("fl2_max", "fl3_max", "ml_score_aaa", "ml_score_bbb"):
            h5["events"][name] = random.uniform(0, 1, EVENTS)
        # an event that belongs to no class
        h5["events/ml_score_aaa"][3] = h5["events/ml_score_bbb"][3] = np.nan
        h5["events/circ"].attrs["remark"] = "by hand"
        for name in computable() & set(h5["events"]):
            del h5["events"][name]
    return path


def computable() -> set[str]:
    """Scalar features that dclab computes from others."""
    names = {one.feature_name for one in AncillaryFeature.features}
    return {name for name in names if definitions.scalar_feature_exists(name)}


@pytest.mark.slow
def test_every_feature_that_dclab_computes_is_there(measurement, condensed, oracle):
    out, summary = condensed(measurement)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_equal_content(out, oracle(measurement))
    assert set(summary.features) >= computable() > COMPUTABLE
