"""Metadata for people: the golden rows, exact numbers, and nothing that makes them fail."""

from __future__ import annotations

import dclab
import pytest
from dclab import definitions
from dclab.features.emodulus import viscosity

from dcor_shared.measurement.description import describe
from dcor_shared.measurement.sources import FileSource

from ckanext.dc_view.metadata import (
    descriptions,
    formatting,
    sections,
    supplements,
    tables,
)

GOLDEN = {
    "Experiment": {
        "Date of measurement": "2018-12-11",
        "Index of measurement run": "1",
        "Sample name": "calibration_beads",
        "Number of recorded events": "47",
        "Start time of measurement": "10:04:03",
    },
    "Setup": {
        "Modules used": "AcCellerator, FluorescenceModule",
        "Flow rate in channel": "0.06 µL/s",
        "Imaged chip region": "channel",
        "Medium used": "CellCarrierB (0.59% MC-PBS)",
        "Sample flow rate": "0.015 µL/s",
        "Sheath flow rate": "0.045 µL/s",
        "Unique setup identifier": "ZMDD-AcC-fe3cdd-2a2250",
        "Width of microfluidic channel": "20 µm",
    },
    "Imaging": {
        "Image height": "80 px",
        "Image width": "250 px",
        "Image x coordinate on sensor": "629 px",
        "Image y coordinate on sensor": "512 px",
        "Imaging frame rate": "1600 Hz",
        "Light source device type": "LED (ZMD L1)",
        "Light source flash duration": "2 µs",
        "Pixel size": "0.34 µm",
    },
    "Fluorescence": {
        "FL1 description": "525/50",
        "FL2 description": "593/46",
        "FL3 description": "700/75",
        "Laser 1 output power": "8 %",
        "Laser 1 wavelength": "488 nm",
        "Laser 3 output power": "100 %",
        "Laser 3 wavelength": "640 nm",
        "Lower voltage detection limit": "-1 V",
        "Number of active channels": "3",
        "Number of active lasers": "2",
        "Number of available channels": "3",
        "Number of available lasers": "3",
        "Rolling median filter size for traces": "0",
        "Samples per event": "177",
        "Trace bit depth": "16",
        "Trace sample rate": "312 500 Hz",
        "Upper voltage detection limit": "1 V",
    },
}


@pytest.fixture(scope="module")
def shown(request):
    """Rows of a real measurement, by section and label."""

    def of(name, real_data):
        path = real_data / name
        if not path.exists():
            pytest.skip(f"the real measurement {name} is not beside the checkout (shared/data)")
        found = describe(FileSource(path), name=name)
        values = sections.merge(sections.group(found.dc_config), found.metadata)
        return {
            section.title: {row.label: row.shown for row in section.rows}
            for section in sections.sections(values)
        }

    return of


def test_golden_rows_of_the_beads(shown, real_data):
    found = shown("calibration_beads_47.rtdc", real_data)
    software = found["Setup"].pop("Software")
    assert software.startswith("ShapeIn 2.0.5 | dclab 0.18.0.post6")
    assert {title: found[title] for title in GOLDEN} == GOLDEN
    assert list(found) == [*GOLDEN, "Online contour", "Online filter"]
    assert found["Online filter"]["area_um max"] == "100"
    assert found["Online filter"]["size_x soft limit"] == "no"


def test_golden_rows_of_the_blood(shown, real_data):
    found = shown("cytoshot_blood.rtdc", real_data)
    assert found["Setup"]["Mean chip temperature"] == "22.35 °C"
    assert found["Imaging"]["Pixel size"] == "0.2645 µm"
    assert found["Imaging"]["Imaging frame rate"] == "3147 Hz"
    assert "Fluorescence" not in found
    assert found["User-defined"]["dcevent ppid gate"] == "norm:o=0^s=10"


def test_descriptions_are_those_of_dclab():
    assert dclab.__version__
    for section in definitions.CFG_METADATA:
        known = {
            key: definitions.get_config_value_descr(section, key)
            for key in descriptions.DESCRIPTIONS[section]
        }
        assert known == descriptions.DESCRIPTIONS[section]


def test_media_are_those_of_dclab():
    assert descriptions.MEDIA == viscosity.ALIAS_MEDIA


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123456, "123 456"),
        (100000, "100 000"),
        (9999, "9999"),
        (-12345, "-12 345"),
        (10**20, "100 000 000 000 000 000 000"),
        (312500.0, "312 500"),
        (1600.0, "1600"),
        (0.1234567, "0.1235"),
        (22.347560485, "22.35"),
        (1e300, "1e+300"),
        (-0.0, "0"),
        (True, "yes"),
        (False, "no"),
        (None, formatting.NOTHING),
        ([], formatting.NOTHING),
        ([1.5, None, "a"], f"1.5, {formatting.NOTHING}, a"),
        (float("nan"), formatting.NOTHING),
        (float("inf"), "∞"),
        ("123456", "123456"),
        ("", ""),
    ],
)
def test_values(value, text):
    assert formatting.text_of(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1544522643, "2018-12-11 10:04:03 UTC"),
        (1e300, "1e+300"),
        ("soon", "soon"),
        (None, formatting.NOTHING),
    ],
)
def test_moments(value, text):
    row = sections.row("experiment", "timestamp", value)
    assert row.shown == text


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Pixel size [µm]", ("Pixel size", "µm")),
        ("QPI pixel size [µm].", ("QPI pixel size", "µm")),
        ("Level of padding", ("Level of padding", "")),
        ("Viscosity [Pa*s] if 'medium' unknown", ("Viscosity [Pa*s] if 'medium' unknown", "")),
        ("]", ("]", "")),
    ],
)
def test_units(label, parts):
    assert formatting.split_unit(label) == parts


@pytest.mark.parametrize("medium", ["CellCarrier", "cellcarrierb", "0.50% MC-PBS", "Water"])
def test_recorded_names_of_media_are_kept(medium):
    assert sections.row("setup", "medium", medium).text.startswith(medium)


def test_a_canonical_medium_is_named_once():
    assert sections.row("setup", "medium", "0.59% MC-PBS").text == "0.59% MC-PBS"


def test_keys_with_colons_and_unknown_ones():
    resource = {"dc:user:a:b": 1, "dc:unknown:key": 2, "dc:setup:new": 3, "dc:x": 4, "name": 5}
    found = sections.sections(sections.group(resource))
    assert [(section.title, section.rows[0].label) for section in found] == [
        ("Setup", "new"),
        ("User-defined", "a:b"),
        ("Unknown", "key"),
    ]


def test_no_metadata_no_tables():
    assert tables.html(sections.sections({})) == ""


def test_everything_is_escaped():
    payload = "<script>alert(1)</script>"
    resource = {f"dc:{payload}:{payload}": payload, f"dc:user:{payload}": [payload]}
    html = tables.html(sections.sections(sections.group(resource)))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_tables_have_the_documented_classes():
    html = tables.html(sections.sections({"experiment": {"sample": "s"}}))
    assert 'class="table table-striped table-bordered table-condensed dc_view"' in html
    assert '<caption class="dc_view">Experiment</caption>' in html
    assert 'class="dataset-labels">Sample name<' in html
    assert 'class="dataset-details">s<' in html


def test_supplements_are_named_by_their_schema():
    schema = {
        "cells": {
            "name": "Cells",
            "items": [{"key": "age", "name": "Age", "unit": "d"}, {"key": "kind", "name": "Kind"}],
        }
    }
    values = {"cells": {"kind": "blood", "age": 3, "other": "x"}, "strange": {"k": "v"}}
    found = supplements.sections(values, schema)
    assert [section.title for section in found] == ["Cells", "strange"]
    assert [(row.label, row.shown) for row in found[0].rows] == [
        ("Age", "3 d"),
        ("Kind", "blood"),
        ("other", "x"),
    ]


def test_the_table_says_when_in_one_row():
    said = {"experiment": {"date": "2018-12-11", "time": "10:04:03", "run index": 1}}
    made = sections.sections(said)
    shown = tables.html(made)
    assert 'Date and start time</th><td class="dataset-details">2018-12-11 10:04:03</td>' in shown
    assert "Start time" not in shown
    assert [row["key"] for row in tables.to_json(made)[0]["rows"]] == ["run index", "date", "time"]


def test_only_the_experiment_has_a_moment():
    rows = (sections.Row("date", "d", 1, "1"), sections.Row("time", "t", 2, "2"))
    made = sections.Section("user", "User-defined", rows)
    assert tables.with_moment(made) == list(rows)


@pytest.mark.parametrize("key", ["date", "time"])
def test_a_moment_that_is_half_known_is_shown(key):
    shown = tables.html(sections.sections({"experiment": {key: "11"}}))
    assert "of measurement" in shown


def test_identifiers_lead_to_where_they_are_explained():
    said = {"setup": {"identifier": "ZMDD-AcC", "chip identifier": "a"}}
    (section,) = sections.sections(said)
    assert [row.href for row in section.rows] == ["https://dc.readthedocs.io/", None]
