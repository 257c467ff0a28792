"""Features are computed batch by batch from what the file holds, or left to dclab."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from dcor_shared.measurement.features import streaming
from dcor_shared.measurement.features.planning import COMPUTABLE, SHAPE, make_plan
from dcor_shared.measurement.features.streaming import batch_rows, compute
from dcor_shared.testing.measurements import write_measurement

PIXEL = 0.34
COUNT = 120


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("streaming")
    return write_measurement(folder / "all.rtdc", events=COUNT, contour=True, seed=5)


@pytest.fixture
def h5(written, tmp_path):
    """A measurement that may be changed."""
    path = tmp_path / "copy.rtdc"
    path.write_bytes(written.read_bytes())
    with h5py.File(path, "a") as h5:
        yield h5


def plan_of(h5, wanted=COMPUTABLE, pixel_size=PIXEL, **more):
    return make_plan(h5["events"], wanted, pixel_size, **{"count": COUNT, **more})


# planning


def test_everything_is_planned(h5):
    plan = plan_of(h5)
    assert plan.wanted == COMPUTABLE
    # the stored contour is used: what the recording software says is never computed anew
    assert plan.inputs == {"contour", "image", "image_bg", "mask", "pos_x", "pos_y"}


def test_only_what_is_wanted_is_read(h5):
    assert plan_of(h5, {"tilt"}).inputs == {"contour"}
    assert plan_of(h5, {"bright_avg"}).inputs == {"image", "mask"}
    del h5["events/contour"]
    assert plan_of(h5, {"volume"}).inputs == {"mask", "pos_x", "pos_y"}


def test_other_features_are_left_to_dclab(h5):
    assert plan_of(h5, {"emodulus", "index", "tilt"}).wanted == {"tilt"}


def test_volume_needs_a_pixel_size(h5):
    assert "volume" not in plan_of(h5, pixel_size=None).wanted


@pytest.mark.parametrize(
    ("missing", "gone"),
    [
        ("mask", {"bright_avg", "bright_sd", "bright_bc_avg", "bright_perc_10"}),
        ("image_bg", {"bright_bc_avg", "bright_bc_sd", "bright_perc_10", "bright_perc_90"}),
        ("pos_x", {"volume"}),
    ],
)
def test_what_is_missing_is_not_planned(h5, missing, gone):
    del h5["events"][missing]
    assert not plan_of(h5).wanted & gone
    assert "tilt" in plan_of(h5).wanted


def test_images_of_different_sizes_are_left_to_dclab(h5):
    image = h5["events/image"][:]
    del h5["events/image"]
    h5["events/image"] = image[:, :-1]
    assert plan_of(h5).wanted == SHAPE


def test_images_of_other_types_are_left_to_dclab(h5):
    image = h5["events/image"][:]
    del h5["events/image"]
    h5["events/image"] = image.astype(np.uint16)
    assert plan_of(h5).wanted == SHAPE


def test_another_number_of_events_is_left_to_dclab(h5):
    del h5["events/contour"]
    assert not plan_of(h5, count=COUNT - 1).wanted


def test_what_depends_on_internal_basins_is_left_to_dclab(h5):
    assert "bright_bc_avg" not in plan_of(h5, elsewhere={"bg_off"}).wanted
    assert "bright_avg" in plan_of(h5, elsewhere={"bright_avg"}).wanted
    del h5["events/contour"]
    assert not plan_of(h5, elsewhere={"contour"}).wanted & SHAPE


def test_a_background_offset_of_wrong_length_is_left_to_dclab(h5):
    h5["events/bg_off"] = np.zeros(COUNT - 1)
    assert "bright_bc_avg" not in plan_of(h5).wanted
    assert "bright_avg" in plan_of(h5).wanted


def test_a_batch_is_made_of_whole_chunks(h5):
    rows = batch_rows(h5["events"], plan_of(h5))
    assert rows % h5["events/image"].chunks[0] == 0
    assert rows * 3 * 80 * 250 <= 16 * 2**20


def test_giant_images_are_read_one_by_one(tmp_path):
    with h5py.File(tmp_path / "giant.rtdc", "w") as h5:
        for name in ("image", "mask"):
            h5.create_dataset(f"events/{name}", (3, 5000, 5000), "u1", chunks=(3, 50, 50))
        plan = plan_of(h5, {"bright_avg"}, count=3)
        assert batch_rows(h5["events"], plan) == 1


# computing


def test_slices_join_to_the_whole(h5):
    plan = plan_of(h5)
    whole = compute(h5["events"], plan, 0, COUNT)
    first, second = (compute(h5["events"], plan, *part) for part in ((0, 53), (53, COUNT)))
    for name, values in whole.items():
        np.testing.assert_array_equal(values, np.concatenate([first[name], second[name]]))


def test_stored_features_are_found_again(h5):
    found = compute(h5["events"], plan_of(h5), 0, COUNT)
    for name in ("bright_avg", "bright_sd", "bright_bc_avg", "bright_bc_sd"):
        np.testing.assert_allclose(found[name], h5["events"][name][:], rtol=1e-6)


def test_contours_from_masks_equal_stored_ones(h5):
    stored = compute(h5["events"], plan_of(h5, SHAPE), 0, COUNT)
    del h5["events/contour"]
    computed = compute(h5["events"], plan_of(h5, SHAPE), 0, COUNT)
    for name in SHAPE:
        np.testing.assert_allclose(computed[name], stored[name], rtol=1e-6)


def test_the_background_offset_is_subtracted_from_averages_and_percentiles(h5):
    wanted = {"bright_bc_avg", "bright_bc_sd", "bright_perc_10"}
    before = compute(h5["events"], plan_of(h5, wanted), 0, COUNT)
    offset = np.linspace(0, 5, COUNT)
    h5["events/bg_off"] = offset
    after = compute(h5["events"], plan_of(h5, wanted), 0, COUNT)
    np.testing.assert_allclose(after["bright_bc_avg"], before["bright_bc_avg"] - offset)
    np.testing.assert_allclose(after["bright_perc_10"], before["bright_perc_10"] - offset)
    np.testing.assert_array_equal(after["bright_bc_sd"], before["bright_bc_sd"])


def test_masks_may_be_stored_as_booleans(h5):
    mask = h5["events/mask"][:]
    before = compute(h5["events"], plan_of(h5), 0, COUNT)
    del h5["events/mask"]
    h5["events/mask"] = mask.astype(bool)
    after = compute(h5["events"], plan_of(h5), 0, COUNT)
    np.testing.assert_array_equal(after["bright_avg"], before["bright_avg"])


@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"chunks": (7, 80, 250), "compression": "gzip"},
        {"chunks": (COUNT, 80, 250), "compression": "lzf"},
    ],
    ids=["one piece", "small chunks", "one chunk"],
)
def test_images_may_be_stored_in_any_pieces(h5, layout, monkeypatch):
    monkeypatch.setattr(streaming, "_MOST", 50)
    before = compute(h5["events"], plan_of(h5), 0, COUNT)
    images = h5["events/image"][:]
    del h5["events/image"]
    h5["events"].create_dataset("image", data=images, **layout)
    after = compute(h5["events"], plan_of(h5), 0, COUNT)
    for name, values in before.items():
        np.testing.assert_array_equal(after[name], values)


# stored contours


def replace_contour(h5, index, values):
    del h5[f"events/contour/{index}"]
    h5[f"events/contour/{index}"] = values


def test_a_contour_without_points_has_no_shape(h5):
    replace_contour(h5, 3, np.zeros((0, 2), dtype=np.int64))
    found = compute(h5["events"], plan_of(h5, SHAPE), 0, COUNT)
    for name in SHAPE:
        assert np.flatnonzero(np.isnan(found[name])).tolist() == [3]


@pytest.mark.parametrize("values", [np.ones((5, 3), dtype=int), np.ones((5, 2)) * 0.5])
def test_what_is_no_contour_is_an_error(h5, values):
    replace_contour(h5, 3, values)
    with pytest.raises(ValueError, match="The contour 3"):
        compute(h5["events"], plan_of(h5, SHAPE), 0, COUNT)


def test_a_missing_contour_is_an_error(h5):
    del h5["events/contour/3"]
    with pytest.raises(KeyError, match="doesn't exist"):
        compute(h5["events"], plan_of(h5, SHAPE), 0, COUNT)
