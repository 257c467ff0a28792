"""Events of a measurement that lie in another one, which it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dcor_shared.measurement.condensed.copying import BAD_DATA
from dcor_shared.measurement.errors import UnreadableFileError

if TYPE_CHECKING:
    import numpy.typing as npt

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

SAME = "same"


class MappingError(UnreadableFileError):
    """A file does not say which of its events is which event of the one it was made of."""

    code = "mapping"


def mapping_of(ds: Vetted_HDF5, upstream: Vetted_HDF5, name: str) -> npt.NDArray[np.int64] | None:
    """Event of `upstream` for each event of `ds`; None if both have the same events.

    Parameters
    ----------
    name
        ``same``, or the feature that holds the indices (``basinmap0`` to ``basinmap9``).

    Raises
    ------
    MappingError
        If events cannot be found that way.
    """
    if name == SAME:
        if len(ds) != len(upstream):
            raise MappingError("The file with the images has another number of events.")
        return None
    try:
        indices = np.asarray(ds[name][:], dtype=np.int64)
    except BAD_DATA as error:
        raise MappingError(f"The mapping '{name[:20]}' cannot be read.") from error
    if len(indices) != len(ds) or indices.min(initial=0) < 0:
        raise MappingError(f"The mapping '{name[:20]}' does not fit the events.")
    if indices.max(initial=0) >= len(upstream):
        raise MappingError(f"The mapping '{name[:20]}' leads beyond the last event.")
    return indices
