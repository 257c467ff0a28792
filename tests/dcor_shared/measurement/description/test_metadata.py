"""The description: its shape, and metadata however odd they are."""

from __future__ import annotations

import json
import math

import h5py
import numpy as np

from dcor_shared.measurement.description import Description, describe
from dcor_shared.testing.measurements import write_measurement
from tests.dcor_shared.measurement.description.looking import CountingSource, look_at


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
