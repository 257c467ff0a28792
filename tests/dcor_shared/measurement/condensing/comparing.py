"""What tests of condensing compare."""

from __future__ import annotations

import json

import h5py
import numpy as np

from dcor_shared.measurement.condensing import CondenseRequest

RESOURCE = "fb719fb2-bd9f-817a-7d70-f4002af916f0"
SOURCE_URL = "https://s3.example.org/circle-1/resource/fb7/19f/b2-bd9f-817a-7d70-f4002af916f0"
REQUEST = CondenseRequest(RESOURCE, "beads.rtdc", "https://dcor.example.org", SOURCE_URL)
REAL = {"calibration_beads_47": 33, "cytoshot_blood": 50, "blood_rbc_leukocytes": 22}
_STATISTICS = {"min", "max", "mean"}


def basins_of(path) -> list[dict]:
    with h5py.File(path) as h5:
        texts = [b"".join(basin[:]) for basin in h5.get("basins", {}).values()]
    found = [json.loads(text) for text in texts]
    return sorted(found, key=lambda basin: basin["name"])


def assert_equal_content(path, other) -> None:
    """The first file holds what dclab's holds: values, attributes, logs, tables and basins."""
    with h5py.File(path) as ours, h5py.File(other) as theirs:
        assert dict(ours.attrs).items() == dict(theirs.attrs).items()
        assert set(ours["events"]) == set(theirs["events"])
        for name in ours["events"]:
            _assert_equal_features(ours["events"][name], theirs["events"][name])
        for group in ("logs", "tables", "basin_events"):
            _assert_equal_members(ours.get(group, {}), theirs.get(group, {}))
        _assert_equal_provenance(ours["logs/dclab-condense"], theirs["logs/dclab-condense"])
    ours, theirs = basins_of(path), basins_of(other)
    # dclab adds the name of an internal basin's definition to the definition, and so changes both
    assert all({**basin, "key": 0} in [{**own, "key": 0} for own in ours] for basin in theirs)
    assert len(ours) == len(theirs) + 3


def _assert_equal_features(ours, theirs) -> None:
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours[:], theirs[:], rtol=1e-6, atol=1e-9, equal_nan=True)
    assert set(ours.attrs) >= set(theirs.attrs)
    for key in set(theirs.attrs) - _STATISTICS:
        assert ours.attrs[key] == theirs.attrs[key]
    for key in _STATISTICS:  # dclab believes what the original says
        np.testing.assert_allclose(ours.attrs[key], getattr(np, f"nan{key}")(ours[:]))


def _assert_equal_members(ours, theirs) -> None:
    assert set(ours) == set(theirs)
    for name in set(ours) - {"dclab-condense"}:
        assert ours[name].dtype == theirs[name].dtype
        assert ours[name][:].tobytes() == theirs[name][:].tobytes()
        assert set(ours[name].attrs) == set(theirs[name].attrs)


def _assert_equal_provenance(ours, theirs) -> None:
    own, dclabs = (json.loads(b"".join(log[:])) for log in (ours, theirs))
    assert set(own) == set(dclabs)
    for key in ("features_ancillary", "features_basin", "features_original_innate"):
        assert set(own[key]) == set(dclabs[key])
    for key in ("libraries", "python", "system"):
        assert own[key] == dclabs[key]
