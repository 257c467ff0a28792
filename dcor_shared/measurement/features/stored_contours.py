"""Contours that the recording software has stored: one small dataset per event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dcor_shared.measurement.features.contours import ContourBatch
from dcor_shared.measurement.vetting.contours import open_contour

if TYPE_CHECKING:
    import h5py
    import numpy.typing as npt

#: Stands for a contour without points; every feature follows from it as NaN.
_NOTHING = np.zeros((1, 2), dtype=np.int64)


def read_contours(group: h5py.Group, start: int, stop: int) -> ContourBatch:
    """Contours of the events from `start` to `stop` (exclusive).

    Raises
    ------
    UnsafeFileError
        If one of them breaks a rule: they are so many that they are vetted only now.
    KeyError, ValueError
        If one is missing or is no contour.
    """
    return ContourBatch.join(_read(group, str(index)) for index in range(start, stop))


def _read(group: h5py.Group, name: str) -> npt.NDArray[np.integer]:
    from h5py import h5s, h5t

    dataset = open_contour(group.id, name)
    if dataset.shape[1] != 2 or dataset.get_type().get_class() != h5t.INTEGER:  # noqa: PLR2004
        raise ValueError(f"The contour {name} does not consist of points.")
    points = np.empty(dataset.shape, dtype=np.int64)
    if not points.size:
        return _NOTHING
    dataset.read(h5s.ALL, h5s.ALL, points)
    return points
