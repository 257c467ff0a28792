"""Condensing says what it did, leaves out what is bad, and has limits."""

from __future__ import annotations

import json

import dclab
import h5py
import numpy as np
import pytest

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import CondenseSummary, condense
from dcor_shared.measurement.errors import EventCountError, SandboxFileSizeError
from dcor_shared.testing.measurements import table_with_gaps, write_measurement
from tests.dcor_shared.measurement.condensing.comparing import (
    REQUEST,
    SOURCE_URL,
    basins_of,
)


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


def test_half_a_crosstalk_matrix_affects_only_what_needs_it(tmp_path, condensed):
    """dclab's error about it is not an `Exception`."""
    random = np.random.default_rng(47)
    path = write_measurement(
        tmp_path / "crosstalk.rtdc",
        events=3,
        metadata={f"calculation:crosstalk fl{key}": 0.1 for key in ("12", "21", "13")},
    )
    with h5py.File(path, "a") as h5:
        for channel in (1, 2, 3):
            h5[f"events/fl{channel}_max"] = random.uniform(100, 1000, 3)
    _, summary = condensed(path)
    assert {"volume", "fl1_max"} <= set(summary.features)
    assert not {"fl1_max_ctc", "fl2_max_ctc", "fl3_max_ctc"} & set(summary.features)
    assert "MissingCrosstalkMatrixElementsError" in "".join(summary.logs["dclab-condense-warnings"])


def test_no_local_path_is_written(tmp_path, condensed):
    path = write_measurement(tmp_path / "secret-folder.rtdc", events=3)
    out, summary = condensed(path)
    assert b"secret-folder" not in out.read_bytes()
    assert str(tmp_path) not in json.dumps(summary.to_json())


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
