"""Contours are vetted when they are read: old files have a dataset for each event.

The walk looks at all links of the group (only hard ones are allowed) and at a few members only;
opening half a million datasets twice would take minutes. So members are opened here and nowhere
else: no soft link is followed to them unseen, and internal basins must not lead to them
(:mod:`dcor_shared.measurement.reading.basins`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.measurement.vetting.datasets import check_dataset
from dcor_shared.measurement.vetting.features import check_feature
from dcor_shared.measurement.vetting.limits import VettingLimits

if TYPE_CHECKING:
    from h5py.h5d import DatasetID
    from h5py.h5g import GroupID

_LIMITS = VettingLimits()


def open_contour(group: GroupID, name: str) -> DatasetID:
    """Open and vet a member of the group ``events/contour`` of a file that was walked through.

    Raises
    ------
    UnsafeFileError
        One of its subclasses, named after the broken rule.
    KeyError
        If there is no such dataset.
    """
    from h5py import h5d

    dataset = h5d.open(group, _member(name))
    check_dataset(dataset, f"events/contour/{name}", _LIMITS)
    check_feature(dataset, ("events", "contour", name))
    return dataset


def _member(name: str) -> bytes:
    """The name of a direct member; a path would be resolved by HDF5, with all links in it."""
    if "/" in name:
        raise KeyError(f"'{name}' is no name of a contour")
    return name.encode()
