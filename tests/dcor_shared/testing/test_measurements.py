"""Synthetic measurements are deterministic, quick to write, and good enough for every reader."""

from __future__ import annotations

import time

import dclab
import h5py
import numpy as np
import pytest
from dclab.rtdc_dataset.check import check_dataset

from dcor_shared.testing.measurements import table_with_gaps, write_measurement


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    one = write_measurement(tmp_path / "one.rtdc", events=5)
    two = write_measurement(tmp_path / "two.rtdc", events=5)
    other = write_measurement(tmp_path / "other.rtdc", events=5, seed=1)
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("fluorescence", [False, True])
def test_it_passes_the_integrity_check_without_a_remark(tmp_path, fluorescence):
    path = write_measurement(
        tmp_path / "good.rtdc", events=20, fluorescence=fluorescence, contour=True
    )
    violations, alerts, _ = check_dataset(path)
    assert violations == []
    assert alerts == []


def test_volume_is_not_stored_but_can_be_computed(tmp_path):
    path = write_measurement(tmp_path / "cells.rtdc", events=20)
    with dclab.new_dataset(path) as ds:
        assert "volume" not in ds.features_innate
        assert "volume" in ds
        assert np.all((ds["volume"] > 100) & (ds["volume"] < 3000))
        assert np.all((ds["deform"][:] > 0) & (ds["deform"][:] < 0.3))
        assert len(np.unique(ds["area_um"][:])) > 10


def test_images_show_cells(tmp_path):
    path = write_measurement(tmp_path / "cells.rtdc", events=3)
    with dclab.new_dataset(path) as ds:
        assert ds["image"].shape == (3, 80, 250)
        assert ds["image"].dtype == np.uint8
        difference = np.abs(ds["image"][0].astype(int) - ds["image_bg"][0])
        mask = ds["mask"][0]
        assert difference[mask].mean() > 3 * difference[~mask].mean()


def test_stored_features_are_those_that_dclab_computes(tmp_path):
    whole = write_measurement(tmp_path / "whole.rtdc", events=10)
    bare = write_measurement(tmp_path / "bare.rtdc", events=10, features=["pos_x", "pos_y"])
    with dclab.new_dataset(whole) as stored, dclab.new_dataset(bare) as computed:
        for name in ("bright_avg", "bright_sd", "bright_bc_avg", "bright_bc_sd"):
            np.testing.assert_allclose(stored[name][:], computed[name][:], rtol=1e-3)


@pytest.mark.slow
def test_two_thousand_events_take_seconds(tmp_path):
    start = time.monotonic()
    write_measurement(tmp_path / "large.rtdc")
    assert time.monotonic() - start < 10  # about one second on an idle machine


def test_parts_can_be_left_out_and_added(tmp_path):
    path = write_measurement(
        tmp_path / "parts.rtdc",
        events=3,
        image=False,
        image_bg=False,
        metadata={"setup:medium": None, "experiment:sample": "mine"},
        logs={"mine": ["one", "two"]},
        tables={"gaps": table_with_gaps(), "image": np.eye(2)},
        compression={"compression": "gzip"},
    )
    with h5py.File(path) as h5:
        assert "image" not in h5["events"]
        assert "setup:medium" not in h5.attrs
        assert h5.attrs["experiment:sample"] == "mine"
        assert list(h5["logs"]) == ["mine"]
        assert h5["tables/gaps"].shape == (5, 1)
        assert h5["events/deform"].compression == "gzip"


def test_events_are_numbered_through_all_batches(tmp_path):
    path = write_measurement(
        tmp_path / "long.rtdc", events=1005, image=False, image_bg=False, mask=False
    )
    with h5py.File(path) as h5:
        assert len(h5["events/deform"]) == 1005
        assert np.all(np.diff(h5["events/frame"][:].astype(int)) == 3)
