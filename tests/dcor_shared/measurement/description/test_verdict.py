"""What the description says of the validity and the basins of a measurement."""

from __future__ import annotations

import warnings

import numpy as np


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
