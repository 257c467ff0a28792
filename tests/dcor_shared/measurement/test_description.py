"""The description of a measurement says what dclab would say, in the shapes clients expect."""

from __future__ import annotations

import json
import math
import warnings

import dclab
import h5py
import numpy as np
import pytest

from dcor_shared.measurement.description import Description, describe
from dcor_shared.measurement.sources import FileSource
from dcor_shared.testing.measurements import table_with_gaps, write_measurement

REAL = ["calibration_beads_47", "cytoshot_blood", "blood_rbc_leukocytes"]


class CountingSource(FileSource):
    bytes_read = 0
    reads = 0

    def read(self, start: int, stop: int) -> bytes:
        self.reads += 1
        self.bytes_read += stop - start
        return super().read(start, stop)


def look_at(path) -> Description:
    described = describe(FileSource(path), name=path.name)
    json.dumps(described.to_json(), allow_nan=False)
    return described


@pytest.fixture
def changed(tmp_path):
    """Writes a measurement, changes it with h5py, and describes it."""

    def write(change=None, **kwargs) -> Description:
        path = write_measurement(tmp_path / "changed.rtdc", **{"events": 5, **kwargs})
        if change is not None:
            with h5py.File(path, "a") as h5:
                change(h5)
        return look_at(path)

    return write


# real measurements


@pytest.mark.parametrize("name", REAL)
def test_it_agrees_with_dclab(name, real):
    path = real(f"{name}.rtdc")
    described = look_at(path)
    with dclab.new_dataset(path, enable_basins=False) as ds:
        assert described.metadata == ds.config.as_dict(pop_filtering=True)
        assert described.event_count == len(ds)
        assert described.features == sorted(ds.features_innate)
        assert described.identifier == ds.get_measurement_identifier()
        assert described.logs == {name: list(ds.logs[name]) for name in ds.logs}
        assert set(described.tables) == set(ds.tables)
    assert described.valid
    assert described.cues == []
    assert described.notes == []


def test_calibration_beads(real):
    described = look_at(real("calibration_beads_47.rtdc"))
    assert len(described.features) == 34
    assert described.trace_list[:2] == ["fl1_median", "fl1_raw"]
    assert described.logs["hans"][0] == "peter"
    assert described.format == "RT-FDC"
    assert described.metadata["imaging"]["pixel size"] == 0.3400000035762787
    assert described.metadata["online_filter"]["area_um soft limit"] is False
    assert list(described.metadata) == sorted(described.metadata)
    assert len(described.dc_config) == 45
    assert described.dc_config["dc:experiment:event count"] == 47
    assert described.dc_config["dc:setup:channel width"] == 20
    assert "dc:online_filter:area_um max" not in described.dc_config


def test_integers_stay_integers(real):
    metadata = look_at(real("calibration_beads_47.rtdc")).metadata
    assert type(metadata["experiment"]["run index"]) is int
    assert type(metadata["fluorescence"]["sample rate"]) is int
    assert type(metadata["setup"]["channel width"]) is float
    assert type(metadata["online_contour"]["no absdiff"]) is bool


def test_named_tables_keep_the_nesting_of_the_file(real):
    described = look_at(real("cytoshot_blood.rtdc"))
    columns, rows = described.tables["src_cytoshot_monitor"]
    assert "brightness" in columns
    assert [len(row) for row in rows] == [1, 1, 1]
    assert len(rows[0][0]) == len(columns)
    assert all(type(value) is float for value in rows[0][0])
    assert described.format == "RT-DC"
    assert described.trace_list == []


def test_a_file_without_logs_or_tables(real):
    described = look_at(real("blood_rbc_leukocytes.rtdc"))
    assert described.logs == {}
    assert described.tables == {}
    assert "time" not in described.features  # stored, but known to be defective


# shape of the answer


def test_it_survives_json(small):
    described = look_at(small)
    document = json.loads(json.dumps(described.to_json()))
    assert Description.from_json(document) == described


def test_unknown_keys_of_a_later_version_are_ignored(small):
    described = look_at(small)
    assert Description.from_json({**described.to_json(), "later": 1}) == described


def test_only_a_part_of_a_large_file_is_read(tmp_path):
    path = write_measurement(tmp_path / "large.rtdc", events=1000)
    source = CountingSource(path)
    describe(source, name="large.rtdc")
    assert source.size > 10 * 1024**2
    assert source.bytes_read < 3 * 1024**2
    assert source.reads <= 8


# odd metadata


def test_attributes_that_dclab_cannot_open_are_left_out(changed):
    def change(h5):
        h5.attrs["nocolon"] = 1
        h5.attrs["two:colons:here"] = 1
        h5.attrs["unknown:section"] = 1
        h5.attrs["imaging:frame rate"] = "fast"
        h5.attrs["experiment:sample"] = h5py.Empty("f8")

    described = changed(change)
    assert described.metadata["experiment"]["sample"] == "undefined sample"
    assert "unknown" not in described.metadata
    assert "frame rate" not in described.metadata["imaging"]
    assert len(described.notes) == 5


def test_attributes_whose_name_is_not_utf8_are_left_out(changed):
    described = changed(lambda h5: h5.attrs.__setitem__(b"user:\xff\xfe", 1))
    assert "user" not in described.metadata


def test_missing_metadata_are_filled_in(changed):
    described = changed(
        metadata={
            "experiment:sample": None,
            "experiment:run index": None,
            "experiment:event count": None,
        }
    )
    experiment = described.metadata["experiment"]
    assert experiment["sample"] == "undefined sample"
    assert experiment["run index"] == 0
    assert experiment["event count"] == described.event_count == 5
    assert "dc:experiment:sample" not in described.dc_config
    assert described.dc_config["dc:experiment:event count"] == 5


def test_an_event_count_of_zero_is_replaced(changed):
    assert changed(metadata={"experiment:event count": 0}).event_count == 5


def test_nan_is_null_in_metadata_and_absent_in_resource_fields(changed):
    described = changed(metadata={"setup:flow rate": math.nan, "setup:temperature": math.inf})
    assert described.metadata["setup"]["flow rate"] is None
    assert described.metadata["setup"]["temperature"] is None
    assert "dc:setup:flow rate" not in described.dc_config
    assert described.dc_config["dc:setup:channel width"] == 20


def test_arrays_and_user_keys_are_sent(changed):
    described = changed(
        metadata={
            "user:anything": np.array([1, 2]),
            "online_filter:area_um,deform polygon points": np.array(
                [[1.0, 2], [3, np.nan], [5, 6]]
            ),
        }
    )
    assert described.metadata["user"]["anything"] == [1, 2]
    points = described.metadata["online_filter"]["area_um,deform polygon points"]
    assert points == [[1, 2], [3, None], [5, 6]]
    assert not any(key.startswith("dc:user") for key in described.dc_config)


def test_characters_that_a_database_refuses_are_replaced(changed):
    described = changed(
        metadata={"user:nul": np.array([b"a\0b"], dtype="S3"), "user:half": b"\xff\xfe"},
        logs={"odd": [b"a\xffb"]},
    )
    text = json.dumps(described.to_json())
    assert "\\u0000" not in text
    assert "\\udc" not in text
    assert described.logs["odd"] == ["a\N{REPLACEMENT CHARACTER}b"]


def test_the_identifier_of_the_run_wins(changed):
    assert changed(metadata={"experiment:run identifier": "abc"}).identifier == "abc"


def test_no_identifier_without_time_date_and_setup(changed):
    assert changed(metadata={"setup:identifier": None}).identifier is None


# logs and tables


def test_old_logs_with_texts_of_variable_length_are_read(changed):
    def change(h5):
        h5["logs"].create_dataset("old", data=["one", "two"], dtype=h5py.string_dtype())

    assert changed(change).logs["old"] == ["one", "two"]


def test_empty_logs_and_tables_do_not_appear(changed):
    def change(h5):
        h5["logs"].create_dataset("empty", (0,), dtype="S10")
        h5["tables/empty"] = np.zeros(0, dtype=[("a", "f8")])

    described = changed(change)
    assert "empty" not in described.logs
    assert "empty" not in described.tables


def test_a_bad_log_affects_only_itself(changed):
    def change(h5):
        h5["logs/numbers"] = np.arange(3)
        h5["logs/one line"] = "text"
        h5.create_group("logs/group")

    described = changed(change)
    assert list(described.logs) == ["synthetic"]
    assert len(described.notes) == 3


def test_a_bad_table_affects_only_itself(changed):
    def change(h5):
        h5.create_group("tables/group")
        h5["tables/scalar"] = 1.0

    described = changed(change, tables={"good": table_with_gaps()})
    assert list(described.tables) == ["good"]
    assert len(described.notes) == 2


def test_logs_that_are_too_large_are_cut_off(changed):
    def change(h5):
        h5["logs/a"] = np.full(20_000, b"x" * 1000)
        h5["logs/b"] = np.array([b"end"])

    described = changed(change)
    assert len(described.logs["a"]) < 11_000
    assert "b" not in described.logs
    assert any("too large" in note for note in described.notes)


def test_tables_that_are_too_large_are_left_out(changed):
    described = changed(tables={"a": np.zeros((4000, 4000)), "b": table_with_gaps()})
    assert list(described.tables) == ["b"]
    assert any("too large" in note for note in described.notes)


def test_a_gap_in_a_table_is_null_and_its_neighbours_stay(changed):
    columns, rows = changed(tables={"t": table_with_gaps()}).tables["t"]
    assert columns == ["time", "pressure"]
    assert rows[2][0] == [2.0, None]
    assert rows[1][0] == [1.0, 1.25]


def test_named_tables_have_floats_infinities_are_null_texts_are_sent(changed):
    def change(h5):
        kind = [("n", "i8"), ("x", "f4"), ("s", "S4"), ("v", h5py.string_dtype())]
        h5["tables/t"] = np.array([(1, np.inf, b"abc", "µ"), (2, 1.5, b"", "")], dtype=kind)

    columns, rows = changed(change).tables["t"]
    assert columns == ["n", "x", "s", "v"]
    assert rows == [[1.0, None, "abc", "µ"], [2.0, 1.5, "", ""]]
    assert type(rows[0][0]) is float


def test_unnamed_tables_have_no_columns_and_keep_integers(changed):
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    columns, rows = changed(tables={"image": image}).tables["image"]
    assert columns is None
    assert rows == [[0, 1, 2], [3, 4, 5]]
    assert type(rows[0][0]) is int


# verdict


def test_a_feature_with_missing_events_is_a_violation(changed):
    def change(h5):
        short = h5["events/deform"][:-4]
        del h5["events/deform"]
        h5["events/deform"] = short

    described = changed(change)
    assert not described.valid
    assert described.cues == ["Features: wrong event count: 'deform' (1 of 5)"]


def test_a_wrong_region_of_interest_is_a_violation(changed):
    described = changed(metadata={"imaging:roi size x": 17})
    assert not described.valid
    assert "roi size x" in described.cues[0]


def test_missing_metadata_are_no_violation(changed):
    assert changed(metadata={"setup:medium": None}).valid


def test_fluorescence_without_traces(changed):
    def change(h5):
        del h5["events/trace"]

    described = changed(change, fluorescence=True)
    assert described.format == "RT-FDC"
    assert described.trace_list == []


# basins


def test_stored_basins_are_listed_and_not_opened(changed):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        described = changed(
            basins=[
                {
                    "basin_name": "upstream",
                    "basin_type": "file",
                    "basin_format": "hdf5",
                    "basin_locs": ["/etc/passwd"],
                    "basin_feats": ["userdef3"],
                    "basin_id": "abc",
                }
            ]
        )
    (basin,) = described.basins
    assert basin["type"] == "file"
    assert basin["identifier"] == "abc"
    assert basin["mapping"] == "same"
    assert basin["paths"] == ["/etc/passwd"]
    assert "userdef3" not in described.features


def test_features_of_internal_basins_are_stored_features(changed):
    described = changed(
        basins=[
            {
                "basin_name": "internal",
                "basin_type": "internal",
                "basin_format": "h5dataset",
                "basin_locs": ["basin_events"],
                "basin_feats": ["userdef1"],
                "basin_map": np.zeros(5, dtype=np.int64),
                "internal_data": {"userdef1": np.arange(2.0)},
            }
        ]
    )
    assert "userdef1" in described.features
    assert "basinmap0" in described.features
    assert described.valid


def test_a_bad_basin_affects_only_itself(changed):
    def change(h5):
        for name, text in {
            "a": "{",
            "b": "[]",
            "c": '{"type": "file"}',
            "d": '{"type": "file", "format": "hdf5", "features": "all"}',
            "e": "[" * 100_000,
            "f": '{"type": "internal", "format": "h5dataset", "features": null, "paths": ["x"]}',
        }.items():
            h5[f"basins/{name}"] = [text.encode()]

    described = changed(change)
    assert [basin["key"] for basin in described.basins] == ["f"]
    assert len(described.notes) == 5
    assert described.valid
