"""Files whose contours, of which only a few are looked at in advance, hide something."""

from __future__ import annotations

import json

import h5py
import numpy as np

from dcor_shared.measurement import errors
from dcor_shared.testing.hostile.corpus import as_hdf5

_SECRET = "/etc/ld.so.cache"  # noqa: S105 - a path
#: More than the vetting walk opens.
_MANY = 100


def _contours(h5: h5py.File) -> h5py.Group:
    group = h5.require_group("events/contour")
    for index in range(_MANY):
        group[f"{index:03}"] = np.ones((4, 2), dtype=np.int16)
    return group


def _basin(h5: h5py.File, features: list[str], path: str) -> None:
    definition = {
        "type": "internal",
        "format": "h5dataset",
        "name": "hidden",
        "features": features,
        "paths": [path],
        "mapping": "basinmap0",
    }
    h5["events/basinmap0"] = np.zeros(3, dtype=np.uint64)
    h5["basins/hidden"] = [json.dumps(definition).encode()]


@as_hdf5("internal basin of a contour in another file", errors.BasinPathError)
def _basin_external_storage(h5: h5py.File) -> None:
    group = _contours(h5)
    group.create_dataset("circ", (3,), np.uint8, external=[(_SECRET, 0, h5py.h5f.UNLIMITED)])
    _basin(h5, ["circ"], "events/contour")


@as_hdf5("internal basin below the contours", errors.BasinPathError)
def _basin_external_link(h5: h5py.File) -> None:
    _contours(h5).create_group("zz")["circ"] = h5py.ExternalLink("other.rtdc", "/events/circ")
    _basin(h5, ["circ"], "/events//contour/zz")


@as_hdf5("feature of an internal basin that is a path", errors.BasinPathError)
def _basin_feature_path(h5: h5py.File) -> None:
    _contours(h5)
    h5.require_group("basin_events")
    _basin(h5, ["/events/contour/099"], "basin_events")


@as_hdf5("soft link among many contours", errors.SoftLinkError)
def _soft_contour(h5: h5py.File) -> None:
    _contours(h5)["zzz"] = h5py.SoftLink("/events/image")


@as_hdf5("external link among many contours", errors.ExternalLinkError)
def _external_contour(h5: h5py.File) -> None:
    _contours(h5)["zzz"] = h5py.ExternalLink("other.rtdc", "/")
