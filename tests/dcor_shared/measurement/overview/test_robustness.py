"""Whatever is missing or broken: what can be shown is shown, and the rest is explained."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from dclab import RTDCWriter

from dcor_shared.measurement.errors import NoEventsError
from dcor_shared.measurement.overview.making import Upstream, make_overview
from dcor_shared.measurement.sources import FileSource
from dcor_shared.testing.measurements import write_measurement

pytestmark = pytest.mark.slow


@pytest.fixture
def path(tmp_path):
    return tmp_path / "measurement.rtdc"


def change(path, work):
    with h5py.File(path, "a") as h5:
        work(h5)
    return path


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers(overview, path, bad):
    write_measurement(path, events=30)

    def spoil(h5):
        h5["events/deform"][3] = bad
        h5["events/area_um"][4] = bad

    made = overview(change(path, spoil))
    assert made.feature("deform")["finite"] == 29
    assert made.array(made.header["density"])[[3, 4]].tolist() == [0, 0]
    assert np.array_equal(made.column("deform")[3], np.float32(bad), equal_nan=True)
    assert made.preview


def test_nothing_but_nan(overview, path):
    write_measurement(path, events=10)

    def spoil(h5):
        h5["events/deform"][:] = np.nan
        h5["events/circ"][:] = np.nan

    made = overview(change(path, spoil))
    assert made.header["axes"] == {"x": "area_um", "y": "bright_avg"}
    assert made.statistics["values"]["deform"] == [None] * 8
    assert made.preview


def test_enormous_values(overview, path):
    write_measurement(path, events=30)

    def spoil(h5):
        h5["events/deform"][:2] = [1.7e308, -1.7e308]
        h5["events/area_um"][:2] = [1.7e308, -1.7e308]

    made = overview(change(path, spoil))
    assert made.header["sampled"] == 30
    assert made.preview


def test_constant_feature(overview, path):
    write_measurement(path, events=20)

    def spoil(h5):
        h5["events/deform"][:] = 0.1

    made = overview(change(path, spoil))
    assert made.feature("deform")["constant"]
    assert made.preview


def test_constant_feature_of_more_events_than_are_sampled(overview, path):
    with RTDCWriter(path, mode="reset") as writer:
        writer.store_metadata({"experiment": {"sample": "flat", "run index": 1}})
        writer.store_feature("area_um", np.full(30_000, 50.0))
        writer.store_feature("deform", np.linspace(0, 0.1, 30_000))
    made = overview(path)
    assert made.header["sampling"] == "even"
    assert made.header["sampled"] == 20_000
    assert made.array(made.header["index"])[-1] == 29_999


@pytest.mark.parametrize("events", [1, 2])
def test_few_events(overview, path, events):
    made = overview(write_measurement(path, events=events))
    assert made.header["event_count"] == events
    assert made.preview


def test_no_events(overview, path):
    write_measurement(path, events=3)

    def empty(h5):
        for name in list(h5["events"]):
            data = h5["events"][name]
            shape, dtype = (0, *data.shape[1:]), data.dtype
            del h5["events"][name]
            h5["events"].create_dataset(name, shape=shape, dtype=dtype)
        h5.attrs["experiment:event count"] = 0

    with pytest.raises(NoEventsError):
        overview(change(path, empty))


def test_empty_mask(overview, path):
    write_measurement(path, events=8)

    def spoil(h5):
        h5["events/mask"][2] = 0

    made = overview(change(path, spoil))
    (sheet,) = made.header["sprites"]["sheets"]
    assert sorted(sheet["events"]) == list(range(8))
    assert made.preview


def test_all_masks_empty(overview, path):
    write_measurement(path, events=5)

    def spoil(h5):
        h5["events/mask"][:] = 0

    assert overview(change(path, spoil)).preview


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("imaging:pixel size", "no-pixel-size"),
        ("setup:channel width", "no-channel-width"),
        ("setup:flow rate", "no-flow-rate"),
        ("fluorescence:sample rate", "no-sample-rate"),
    ],
)
def test_missing_metadata(overview, path, key, code):
    made = overview(write_measurement(path, events=8, fluorescence=True, metadata={key: None}))
    assert code in made.codes
    assert made.preview


def test_no_metadata_about_the_lines(overview, path):
    missing = {"setup:channel width": None}
    lines = overview(write_measurement(path, events=8, metadata=missing)).header["isoelastics"]
    assert lines["lines"] == []
    assert lines["missing"]["code"] == "no-channel-width"


def test_no_pixel_size_means_no_pixelation(overview, path):
    made = overview(write_measurement(path, events=8, metadata={"imaging:pixel size": None}))
    assert made.header["isoelastics"]["lines"][0]["pixelated"] is None


@pytest.mark.parametrize("medium", ["ketchup", "", "<b>water</b>"])
def test_unknown_medium(overview, path, medium):
    metadata = {"setup:medium": medium, "setup:temperature": 23.0}
    made = overview(write_measurement(path, events=8, metadata=metadata))
    assert made.header["isoelastics"]["lines"][0]["emodulus"] is None


def test_no_images(overview, path):
    made = overview(write_measurement(path, events=8, image=False, mask=False, image_bg=False))
    assert made.header["sprites"]["sheets"] == []
    assert made.header["sprites"]["missing"]["code"] == "no-images"
    assert made.preview


def test_images_without_masks(overview, path):
    made = overview(write_measurement(path, events=8, mask=False))
    (sheet,) = made.header["sprites"]["sheets"]
    assert sheet["mask"] is None
    assert made.header["sprites"]["tile"] == [128, 80]
    assert "no-masks" in made.codes


def test_dull_features_are_plotted_if_there_are_no_others(overview, path):
    made = overview(write_measurement(path, events=8, features=["time"]))
    assert made.header["axes"] == {"x": "index", "y": "time"}
    assert made.preview


def test_nothing_to_plot(overview, path):
    write_measurement(path, events=8, features=["userdef1"])

    def spoil(h5):
        for name in ("frame", "time"):
            h5["events"].pop(name, None)
        h5["events/userdef1"] = np.full(8, np.nan)

    made = overview(change(path, spoil))
    assert made.header["axes"] is None
    assert made.header["density"] is None
    assert "no-axes" in made.codes
    assert made.preview


def test_features_of_another_length(overview, path):
    write_measurement(path, events=20)

    def spoil(h5):
        del h5["events/bright_avg"]
        h5["events/bright_avg"] = np.arange(7.0)

    made = overview(change(path, spoil))
    assert "bright_avg" not in made.names
    assert "bad-feature" in made.codes


def test_features_that_cannot_be_unpacked(overview, path):
    with RTDCWriter(path, mode="reset") as writer:
        writer.store_metadata({"experiment": {"sample": "s", "run index": 1}})
        for name in ("area_um", "deform", "bright_sd"):
            writer.store_feature(name, np.linspace(1, 2, 2000))
    with h5py.File(path) as h5:
        chunk = h5["events/bright_sd"].id.get_chunk_info(0)
    with path.open("r+b") as file:
        file.seek(chunk.byte_offset)
        file.write(b"\xff" * (chunk.size // 2))
    made = overview(path)
    assert "bright_sd" not in made.names
    assert "area_um" in made.names


def test_damaged_images(overview, path):
    write_measurement(path, events=20)
    with h5py.File(path) as h5:
        chunk = h5["events/image"].id.get_chunk_info(0)
    with path.open("r+b") as file:
        file.seek(chunk.byte_offset)
        file.write(b"\xff" * (chunk.size // 2))
    made = overview(path)
    assert made.header["sprites"]["sheets"] == []
    assert made.preview


def test_images_of_sixteen_bits(overview, path):
    write_measurement(path, events=6, image=False, mask=False, image_bg=False)

    def add(h5):
        h5["events/image"] = np.arange(6 * 50 * 60, dtype=np.uint16).reshape(6, 50, 60)

    made = overview(change(path, add))
    (sheet,) = made.header["sprites"]["sheets"]
    assert sheet["events"] == list(range(6))


def test_unreadable_condensed_file(overview, path, tmp_path):
    write_measurement(path, events=6)
    broken = tmp_path / "broken.rtdc"
    broken.write_bytes(b"no HDF5")
    made = make_overview(path, tmp_path, source_etag="e", step_version=1, condensed=broken)
    assert "no-condensed" in {note["code"] for note in made.summary.notes}


def test_texts_of_a_file_stay_texts(overview, path):
    name = "<script>alert(1)</script>" + "x" * 2000
    made = overview(write_measurement(path, events=4, metadata={"experiment:sample": name}))
    assert made.header["sample"] == name[:500]
    assert made.preview


@pytest.fixture
def upstream(tmp_path):
    """A measurement with images, and one without that was made of every third of its events."""
    whole = write_measurement(tmp_path / "whole.rtdc", events=30)
    part = write_measurement(
        tmp_path / "part.rtdc", events=10, image=False, mask=False, image_bg=False
    )
    with RTDCWriter(part, mode="append") as writer:
        writer.store_feature("basinmap0", np.arange(0, 30, 3, dtype=np.uint64))
    return whole, part


def test_images_of_the_measurement_that_it_was_made_of(overview, upstream):
    whole, part = upstream
    made = overview(part, upstream=Upstream(FileSource(whole), "basinmap0"))
    assert made.header["images"]["where"] == "basin"
    (sheet,) = made.header["sprites"]["sheets"]
    assert sheet["events"] == list(range(10))
    shown = overview(whole).header["sprites"]["sheets"][0]
    assert sheet["boxes"] == shown["boxes"][::3]


@pytest.mark.parametrize("mapping", ["same", "basinmap1"])
def test_a_mapping_that_does_not_fit(overview, upstream, mapping):
    whole, part = upstream
    made = overview(part, upstream=Upstream(FileSource(whole), mapping))
    assert "no-upstream" in made.codes
    assert made.header["images"]["image"] is False
    assert made.preview
