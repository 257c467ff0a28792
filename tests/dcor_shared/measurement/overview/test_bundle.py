"""The bundle holds what the page needs, as dclab would compute it."""

from __future__ import annotations

import io
import warnings

import dclab
import h5py
import numpy as np
import pytest
from dclab import isoelastics
from dclab.downsampling import downsample_grid
from dclab.kde.methods import kde_histogram
from PIL import Image

from dcor_shared.measurement.overview import container, isolines
from dcor_shared.testing.measurements import write_measurement

REAL = ["calibration_beads_47.rtdc", "cytoshot_blood.rtdc", "blood_rbc_leukocytes.rtdc"]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A measurement of more events than are sampled; no images, so that it is made quickly."""
    path = tmp_path_factory.mktemp("large") / "large.rtdc"
    random = np.random.default_rng(3)
    with dclab.RTDCWriter(path, mode="reset") as writer:
        writer.store_metadata({"experiment": {"sample": "many", "run index": 1}})
        area = random.lognormal(4, 0.3, 60_000)
        writer.store_feature("area_um", area)
        writer.store_feature("deform", random.beta(2, 30, 60_000))
        writer.store_feature("time", np.arange(60_000) / 100)
    return path


@pytest.mark.parametrize("name", REAL)
def test_columns_are_the_values_of_the_file(overview, real, name):
    made = overview(real(name), condensed=True)
    assert made.header["axes"] == {"x": "area_um", "y": "deform"}
    with dclab.new_dataset(real(name)) as ds:
        for feature in ds.features_innate:
            if not dclab.dfn.scalar_feature_exists(feature):
                continue
            np.testing.assert_allclose(made.column(feature), ds[feature][:], rtol=1e-7)
        assert made.header["event_count"] == len(ds)
    assert made.header["sampling"] == "all"
    assert made.array(made.header["index"]).tolist() == list(range(made.header["sampled"]))


def test_condensed_features_are_there(overview, real):
    path = real("calibration_beads_47.rtdc")
    assert "volume" in overview(path, condensed=True).names
    without = overview(path)
    assert "volume" not in without.names
    assert "no-condensed" in without.codes


def test_labels_and_units_are_those_of_dclab(overview, small):
    feature = overview(small).feature("area_um")
    assert (feature["label"], feature["unit"], feature["group"]) == ("Area", "µm²", "size")


def test_rows_hold_all_values_of_an_event(overview, small):
    made = overview(small)
    rows = made.array(made.header["rows"]).reshape(made.header["sampled"], len(made.names))
    for number, name in enumerate(made.names):
        np.testing.assert_allclose(rows[:, number], made.column(name), rtol=1e-7)


def test_quantiles_and_range_are_those_of_all_events(overview, large):
    made = overview(large)
    quantiles = made.array(made.header["quantiles"]).reshape(len(made.names), 101)
    with h5py.File(large) as h5:
        values = h5["events/area_um"][:]
    found = quantiles[made.names.index("area_um")]
    np.testing.assert_allclose(found, np.percentile(values, range(101)))
    feature = made.feature("area_um")
    assert feature["min"] == pytest.approx(values.min())
    assert feature["p99"] == pytest.approx(np.percentile(values, 99))
    assert feature["finite"] == 60_000
    assert feature["positive"]
    assert not feature["constant"]


def test_statistics_are_those_of_all_events(overview, large):
    found = overview(large).statistics
    with h5py.File(large) as h5:
        values = h5["events/deform"][:]
    by_name = dict(zip(found["names"], found["values"]["deform"], strict=True))
    assert by_name["Mean"] == pytest.approx(values.mean())
    assert by_name["SD"] == pytest.approx(values.std())
    assert found["events"] == 60_000
    assert found["flow_rate"] is None


def test_sampling_is_that_of_dclab(overview, large):
    made = overview(large)
    with h5py.File(large) as h5:
        x, y = h5["events/area_um"][:], h5["events/deform"][:]
    _, _, keep = downsample_grid(x, y, 20_000, remove_invalid=True, ret_idx=True)
    assert made.header["sampling"] == "grid"
    assert made.header["sampled"] == 20_000
    np.testing.assert_array_equal(made.array(made.header["index"]), np.flatnonzero(keep))
    np.testing.assert_allclose(made.column("area_um"), x[keep], rtol=1e-7)


def test_density_is_that_of_dclab(overview, large):
    made = overview(large)
    with h5py.File(large) as h5:
        x, y = h5["events/area_um"][:], h5["events/deform"][:]
    index = made.array(made.header["index"])
    expected = kde_histogram(x, y, xout=x[index], yout=y[index])
    found = made.array(made.header["density"]) / 65535
    np.testing.assert_allclose(found, expected / expected.max(), atol=1e-5)


def test_the_first_piece_is_enough_for_the_first_plot(overview, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=300)
    made = overview(path)
    piece = made.data[: made.header["first"]]
    header = container.read_header(piece)
    for name in ("area_um", "deform"):
        assert len(container.read_array(piece, made.feature(name))) == 300
    container.read_array(piece, header["density"])
    container.read_array(piece, header["isoelastics"]["lines"][0])


def test_the_first_piece_stays_small(overview, large):
    assert overview(large).header["first"] <= 300_000


def test_isoelastics_are_those_of_dclab(overview, real):
    path = real("cytoshot_blood.rtdc")
    made = overview(path)
    lines = made.header["isoelastics"]["lines"]
    tables = [(line["lut"], line["x"]) for line in lines]
    assert tables == [
        (table, x)
        for table in isolines.TABLES
        for x in ("area_um", "volume")
        if (table, x) != ("LE-2D-ana-18", "volume")
    ]
    with dclab.new_dataset(path) as ds:
        for line in lines:
            for error, block in ((False, line), (True, line["pixelated"])):
                expected = isoelastics.get_default().get_with_rtdcbase(
                    line["x"], line["y"], ds, lut_identifier=line["lut"], add_px_err=error
                )
                assert line["counts"] == [len(one) for one in expected]
                points = made.array(block).reshape(-1, 2)
                np.testing.assert_allclose(points, np.concatenate(expected)[:, :2], rtol=1e-6)
                moduli = [one[0, 2] for one in expected]
                np.testing.assert_allclose(line["emodulus"], moduli)


def test_without_temperature_the_lines_have_no_modulus(overview, real):
    made = overview(real("calibration_beads_47.rtdc"))
    assert [line["emodulus"] for line in made.header["isoelastics"]["lines"]] == [None] * 7


def test_sprites_are_crops_of_the_images(overview, real):
    path = real("calibration_beads_47.rtdc")
    made = overview(path)
    (sheet,) = made.header["sprites"]["sheets"]
    assert sheet["events"] == list(range(47))
    image = Image.open(io.BytesIO(container.read_block(made.data, sheet["image"])))
    mask = Image.open(io.BytesIO(container.read_block(made.data, sheet["mask"])))
    assert image.format == "WEBP"
    assert (mask.format, mask.mode) == ("PNG", "1")
    assert image.size == mask.size
    grey = np.asarray(image.convert("L")).astype(int)
    inside = np.asarray(mask)
    with h5py.File(path) as h5:
        for event, (x, y, w, h), (left, top) in zip(
            sheet["events"], sheet["boxes"], sheet["places"], strict=True
        ):
            crop = np.s_[y : y + h, x : x + w]
            place = np.s_[top : top + h, left : left + w]
            original = h5["events/image"][event][crop].astype(int)
            assert np.abs(grey[place] - original).mean() < 3
            np.testing.assert_array_equal(inside[place], h5["events/mask"][event][crop] > 0)


def test_many_events_have_two_sheets_from_all_over(overview, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=400)
    sheets = overview(path).header["sprites"]["sheets"]
    events = [event for sheet in sheets for event in sheet["events"]]
    assert [len(sheet["events"]) for sheet in sheets] == [48, 48]
    assert len(set(events)) == 96
    assert events == sorted(events)
    assert events[0] < 60
    assert events[-1] > 350


def test_same_measurement_same_bytes(overview, small):
    first, second = overview(small), overview(small)
    assert first.data == second.data
    assert first.preview == second.preview


def test_preview_is_a_picture(overview, small):
    picture = Image.open(io.BytesIO(overview(small).preview))
    assert (picture.format, picture.size) == ("JPEG", (800, 600))


def test_header_tells_what_is_there(overview, real):
    header = overview(real("calibration_beads_47.rtdc")).header
    assert header["sample"] == "calibration_beads"
    assert header["source_etag"] == "e"
    assert header["traces"] == {
        "names": ["fl1_raw", "fl1_median", "fl2_raw", "fl2_median", "fl3_raw", "fl3_median"],
        "sample_rate": 312500,
        "samples": 177,
    }
    assert header["images"] == {
        "image": True,
        "image_bg": False,
        "mask": True,
        "contour": True,
        "where": "file",
        "shape": [80, 250],
        "pixel_size": pytest.approx(0.34),
    }


def test_no_warning_reaches_the_log(small):
    """The lines that dclab draws without a temperature come with a warning of dclab's."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        where = isolines.Conditions(20.0, 0.06, None, 0.34)
        assert len(list(isolines.lines(where))) == 7
