"""A condensed file is quick to read: where its parts lie, and what is noted of them."""

from __future__ import annotations

import io

import h5py
import numpy as np
import pytest

from dcor_shared.testing.measurements import write_measurement


class Blocks(io.FileIO):
    """A file that remembers which blocks of 256 KiB were read."""

    def __init__(self, path) -> None:
        super().__init__(path)
        self.seen: set[int] = set()

    def readinto(self, buffer):
        start = self.tell()
        size = super().readinto(buffer)
        self.seen.update(range(start // 262144, (start + max(size, 1) - 1) // 262144 + 1))
        return size


def lengthen(path, events: int) -> None:
    """Replace the features by random ones of many events."""
    random = np.random.default_rng(1)
    with h5py.File(path, "a") as h5:
        for name in h5["events"]:
            h5["events"][name].resize(events, axis=0)
            h5["events"][name][:] = np.sort(random.normal(1000, 10, events))
        h5.attrs["experiment:event count"] = events


def test_one_block_lists_everything(tmp_path, condensed):
    path = write_measurement(
        tmp_path / "long.rtdc", events=20, image=False, image_bg=False, mask=False
    )
    lengthen(path, 60_000)
    out, summary = condensed(path)
    with Blocks(out) as blocks, h5py.File(blocks, "r") as h5:
        assert dict(h5.attrs)
        assert sorted(h5["events"]) == summary.features
        assert all(h5["logs"][name].size for name in h5["logs"])
        assert all(len(h5["logs"][name][:]) for name in h5["logs"])
        assert all(len(h5["basins"][name][:]) for name in h5["basins"])
        assert len(blocks.seen) == 1
        for name in ("deform", "area_um"):
            assert len(h5["events"][name][:]) == 60_000
        assert len(blocks.seen) <= 4
    assert summary.size > 10 * 262144


def test_features_lie_in_the_order_in_which_people_look_at_them(small, condensed):
    _, summary = condensed(small)
    offsets = {name: column["chunks"][0][0] for name, column in summary.columns.items()}
    order = sorted(offsets, key=offsets.__getitem__)
    assert order[:2] == ["deform", "area_um"]
    assert order.index("volume") < order.index("area_cvx")


def test_a_feature_is_one_piece(small, condensed):
    _, summary = condensed(small)
    assert set(summary.columns) == set(summary.features)
    assert all(len(column["chunks"]) == 1 for column in summary.columns.values())


def test_every_feature_has_its_statistics(tmp_path, condensed):
    path = write_measurement(tmp_path / "nan.rtdc", events=20)
    with h5py.File(path, "a") as h5:
        h5["events/userdef1"] = np.array([np.nan, *range(19)])
        h5["events/userdef2"] = np.full(20, np.nan)
        h5["events/deform"].attrs["max"] = 1e9
        h5["events/userdef2"].attrs["median"] = 1e9
    out, summary = condensed(path)
    with h5py.File(out) as h5:
        attributes = {name: dict(h5["events"][name].attrs) for name in h5["events"]}
    assert set(summary.statistics) == set(attributes) == set(summary.features)
    one = attributes["userdef1"]
    assert (one["min"], one["max"], one["mean"], one["median"], one["nan"]) == (0, 18, 9, 9, 1)
    assert one["sd"] == pytest.approx(np.std(range(19)))
    assert dict(one["quantiles"])[0.25] == pytest.approx(4.5)
    assert summary.statistics["userdef1"]["nan"] == 1
    assert np.isnan(attributes["userdef2"]["mean"])
    assert summary.statistics["userdef2"]["mean"] is None
    # clients use these instead of the data: a false claim of the original is not passed on
    assert attributes["deform"]["max"] < 1
    assert "median" not in attributes["userdef2"]


def test_other_attributes_of_features_are_kept(tmp_path, condensed):
    path = write_measurement(tmp_path / "attributes.rtdc", events=3)
    with h5py.File(path, "a") as h5:
        h5["events/deform"].attrs["remark"] = "by hand"
    out, _ = condensed(path)
    with h5py.File(out) as h5:
        assert h5["events/deform"].attrs["remark"] == "by hand"
