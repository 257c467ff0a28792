"""Real measurements are described as dclab sees them."""

from __future__ import annotations

import dclab
import pytest

from tests.dcor_shared.measurement.description.looking import REAL, look_at


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
