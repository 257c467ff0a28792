"""Comparison of a condensed file with dclab's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import hdf5plugin  # noqa: F401 - registers the Zstandard filter
import numpy as np

from dcor_shared.measurement.condensing import CondenseRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"
REQUEST = CondenseRequest(
    _ID,
    "cells.rtdc",
    "https://dcor.example.org",
    f"https://s3.example.org/circle/resource/{_ID[:3]}/{_ID[3:6]}/{_ID[6:]}",
)


def differences(ours: Path, theirs: Path) -> Iterator[str]:
    """What is not as dclab has it: names, attributes, values (rtol 1e-6, atol 1e-9, same NaN)."""
    with h5py.File(ours) as own, h5py.File(theirs) as oracle:
        if dict(own.attrs) != dict(oracle.attrs):
            yield "the attributes differ"
        for group in ("events", "logs", "tables"):
            if set(own.get(group, ())) != set(oracle.get(group, ())):
                yield f"the names in '{group}' differ"
        yield from _different_features(own["events"], oracle["events"])


def _different_features(own: h5py.Group, oracle: h5py.Group) -> Iterator[str]:
    for name in set(own) & set(oracle):
        mine, dclabs = own[name], oracle[name]
        if mine.dtype != dclabs.dtype:
            yield f"the type of '{name}' differs"
        if not np.allclose(mine[:], dclabs[:], rtol=1e-6, atol=1e-9, equal_nan=True):
            yield f"the values of '{name}' differ"
        for key in ("min", "max", "mean"):
            if not np.isclose(mine.attrs[key], dclabs.attrs[key], rtol=1e-6, equal_nan=True):
                yield f"'{key}' of '{name}' differs"
