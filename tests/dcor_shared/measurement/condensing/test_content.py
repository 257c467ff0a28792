"""A condensed file holds what dclab's own would hold."""

from __future__ import annotations

import warnings

import dclab
import h5py
import numpy as np
import pytest

from dcor_shared.measurement.features.planning import COMPUTABLE
from dcor_shared.testing.measurements import table_with_gaps, write_measurement
from tests.dcor_shared.measurement.condensing.comparing import (
    REAL,
    assert_equal_content,
    basins_of,
)
from tests.dcor_shared.measurement.features.shapes import SHAPES, pictures


@pytest.mark.parametrize("name", REAL)
def test_content_is_that_of_dclab(name, real, condensed, oracle):
    path = real(f"{name}.rtdc")
    out, summary = condensed(path)
    with h5py.File(out) as h5:
        assert summary.features == sorted(h5["events"])
    assert_equal_content(out, oracle(path))


@pytest.mark.slow
def test_synthetic_content_is_that_of_dclab(tmp_path, condensed, oracle):
    path = write_measurement(
        tmp_path / "all.rtdc",
        events=30,
        contour=True,
        fluorescence=True,
        tables={"named": table_with_gaps(), "image": np.eye(3)},
    )
    out, _ = condensed(path)
    assert_equal_content(out, oracle(path))


@pytest.fixture
def odd_shapes(tmp_path):
    """A measurement of masks of all kinds, in which every slow feature has to be computed."""
    path = write_measurement(tmp_path / "shapes.rtdc", events=len(SHAPES))
    images, backgrounds = pictures(len(SHAPES))
    stacks = {"image": images, "image_bg": backgrounds, "mask": np.array(list(SHAPES.values()))}
    with h5py.File(path, "a") as h5:
        for name in {*COMPUTABLE, *stacks} & set(h5["events"]):
            del h5["events"][name]
        for name, stack in stacks.items():
            h5["events"][name] = stack * 255 if name == "mask" else stack
        h5["events/pos_x"][:] = np.linspace(5, 25, len(SHAPES))
        h5["events/bg_off"] = np.linspace(-2, 2, len(SHAPES))
    return path


@pytest.mark.slow
def test_odd_shapes_have_the_values_of_dclab(odd_shapes, condensed, oracle):
    out, summary = condensed(odd_shapes)
    assert set(summary.features) >= COMPUTABLE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_equal_content(out, oracle(odd_shapes))


def test_an_event_without_a_mask_spoils_no_other(odd_shapes, condensed):
    before, _ = condensed(odd_shapes)
    with h5py.File(before) as h5:
        expected = {name: h5["events"][name][:] for name in COMPUTABLE}
    with h5py.File(odd_shapes, "a") as h5:
        h5["events/mask"][3] = 0
    after, _ = condensed(odd_shapes)
    with h5py.File(after) as h5:
        for name, values in expected.items():
            values[3] = np.nan
            np.testing.assert_array_equal(h5["events"][name][:], values)


def test_calibration_beads(real, condensed):
    out, summary = condensed(real("calibration_beads_47.rtdc"))
    assert len(summary.features) == 33
    assert {"index", "time", "volume"} <= set(summary.features)
    assert summary.event_count == 47
    assert summary.size == out.stat().st_size
    with h5py.File(out) as h5:
        assert h5["events/deform"][0] == pytest.approx(0.011666297)
        assert "image" not in h5["events"]
        assert h5.attrs["setup:software version"].endswith(f"| dclab {dclab.__version__}")
    features = [basin["features"] for basin in basins_of(out)]
    assert features == [["contour", "image", "mask", "trace"]] * 3


def test_cytoshot_has_fifty_features(real, condensed):
    out, summary = condensed(real("cytoshot_blood.rtdc"))
    assert len(summary.features) == 50
    assert basins_of(out)[0]["features"] == ["image", "image_bg", "mask"]
