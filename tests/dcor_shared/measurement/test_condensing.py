"""A condensed file holds what dclab's own would hold, and the way back to the original."""

from __future__ import annotations

import io
import json
import warnings

import dclab
import h5py
import numpy as np
import pytest
from dclab.cli import condense as dclab_condense

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import CondenseRequest, CondenseSummary, condense
from dcor_shared.measurement.errors import EventCountError, SandboxFileSizeError
from dcor_shared.measurement.features.planning import COMPUTABLE
from dcor_shared.testing.measurements import table_with_gaps, write_measurement
from tests.dcor_shared.measurement.features.shapes import SHAPES, pictures

RESOURCE = "fb719fb2-bd9f-817a-7d70-f4002af916f0"
SOURCE_URL = "https://s3.example.org/circle-1/resource/fb7/19f/b2-bd9f-817a-7d70-f4002af916f0"
REQUEST = CondenseRequest(RESOURCE, "beads.rtdc", "https://dcor.example.org", SOURCE_URL)
REAL = {"calibration_beads_47": 33, "cytoshot_blood": 50, "blood_rbc_leukocytes": 22}


@pytest.fixture
def condensed(tmp_path):
    """Condenses a file and gives the path of the result and its summary."""

    def run(path, request=REQUEST):
        out = tmp_path / "condensed.rtdc"
        return out, condense(path, out, request)

    return run


@pytest.fixture
def oracle(tmp_path):
    """Condenses a file with dclab's own command."""

    def run(path):
        out = tmp_path / "oracle.rtdc"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dclab_condense(path, out)
        return out

    return run


def basins_of(path) -> list[dict]:
    with h5py.File(path) as h5:
        texts = [b"".join(h5["basins"][key][:]) for key in h5["basins"]]
    found = [json.loads(text) for text in texts]
    return sorted(found, key=lambda basin: basin["name"])


def assert_equal_content(path, other) -> None:
    with h5py.File(path) as ours, h5py.File(other) as theirs:
        assert dict(ours.attrs).items() == dict(theirs.attrs).items()
        assert set(ours["logs"]) == set(theirs["logs"])
        assert set(ours.get("tables", ())) == set(theirs.get("tables", ()))
        assert set(ours["events"]) == set(theirs["events"])
        for name in ours["events"]:
            a, b = ours["events"][name], theirs["events"][name]
            assert a.dtype == b.dtype
            np.testing.assert_allclose(a[:], b[:], rtol=1e-6, atol=1e-9, equal_nan=True)
            assert set(a.attrs) >= {"min", "max", "mean"}


# the same as dclab


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


# basins


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


# layout


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


def test_other_attributes_of_features_are_kept(tmp_path, condensed):
    path = write_measurement(tmp_path / "attributes.rtdc", events=3)
    with h5py.File(path, "a") as h5:
        h5["events/deform"].attrs["remark"] = "by hand"
    out, _ = condensed(path)
    with h5py.File(out) as h5:
        assert h5["events/deform"].attrs["remark"] == "by hand"


# logs


def test_the_log_tells_how_it_was_made(small, condensed):
    out, summary = condensed(small)
    (name,) = summary.logs
    assert name == "dclab-condense"
    log = json.loads("".join(summary.logs[name]))
    assert log["files"] == [{"index": 1, "name": SOURCE_URL}]
    assert set(log) == {
        "features_ancillary",
        "features_basin",
        "features_original_innate",
        "files",
        "libraries",
        "python",
        "system",
        "utc",
    }
    assert "volume" in log["features_ancillary"]
    assert "image" in log["features_original_innate"]
    with dclab.new_dataset(out, enable_basins=False) as ds:
        assert ds.logs[name] == summary.logs[name]
        assert "synthetic" in ds.logs


def test_an_older_log_is_renamed(tmp_path, condensed):
    path = write_measurement(tmp_path / "twice.rtdc", events=3, logs={"dclab-condense": ["older"]})
    out, _ = condensed(path)
    with h5py.File(out) as h5:
        (older,) = (name for name in h5["logs"] if name.startswith("dclab-condense_"))
        assert h5["logs"][older][0] == b"older"


def test_one_bad_part_affects_only_itself(tmp_path, condensed):
    path = write_measurement(tmp_path / "odd.rtdc", events=3, tables={"t": table_with_gaps()})
    with h5py.File(path, "a") as h5:
        h5["logs/numbers"] = np.arange(3)
        h5.create_group("logs/group")
        h5.create_group("tables/group")
        h5.attrs["nocolon"] = 1
        h5["basins/bad"] = [b"{"]
    out, summary = condensed(path)
    assert "volume" in summary.features
    assert len(summary.logs["dclab-condense-warnings"]) == 5
    with dclab.new_dataset(out, enable_basins=False) as ds:
        assert list(ds.tables) == ["t"]
        assert "numbers" not in ds.logs


def test_no_local_path_is_written(tmp_path, condensed):
    path = write_measurement(tmp_path / "secret-folder.rtdc", events=3)
    out, summary = condensed(path)
    assert b"secret-folder" not in out.read_bytes()
    assert str(tmp_path) not in json.dumps(summary.to_json())


# bounds


def test_a_false_number_of_events_is_refused(tmp_path, condensed):
    path = write_measurement(
        tmp_path / "many.rtdc", events=3, metadata={"experiment:event count": 10**12}
    )
    with pytest.raises(EventCountError):
        condensed(path)


def test_a_measurement_without_images_is_condensed(tmp_path, condensed):
    path = write_measurement(
        tmp_path / "bare.rtdc", events=3, image=False, mask=False, image_bg=False
    )
    out, summary = condensed(path)
    assert "volume" not in summary.features
    assert len(basins_of(out)) == 3


def test_the_size_of_the_result_is_limited(small, tmp_path):
    limits = sandbox.Limits(file_size_bytes=10_000)
    with pytest.raises(SandboxFileSizeError):
        condense(small, tmp_path / "out.rtdc", REQUEST, limits)


def test_the_original_is_left_alone(small, condensed):
    before = small.read_bytes()
    condensed(small)
    assert small.read_bytes() == before


def test_the_summary_survives_json(small, condensed):
    _, summary = condensed(small)
    assert CondenseSummary.from_json(json.loads(json.dumps(summary.to_json()))) == summary
