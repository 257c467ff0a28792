"""The scalar features of a measurement, from its condensed file and the file itself.

Runs in sandboxed processes only.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.measurement.condensed.copying import BAD_DATA
from dcor_shared.measurement.overview import labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    import h5py
    import numpy.typing as npt

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

    Floats = npt.NDArray[np.float64]

#: Pairs of axes, the best first.
_AXES = (
    ("area_um", "deform"),
    ("volume", "deform"),
    ("area_um", "circ"),
    ("area_um", "bright_avg"),
    ("area_um", "inert_ratio_cvx"),
)
#: No pair of axes is made of these unless there is nothing else.
_DULL = {"frame", "index", "index_online", "nevents", "time"}


class Columns:
    """Scalar features by name, read when they are asked for.

    Parameters
    ----------
    ds
        The measurement.
    condensed
        Its condensed file, if there is one: features that are only there are taken from it.
    notes
        Gets the names of features that cannot be read.
    """

    def __init__(
        self, ds: Vetted_HDF5, condensed: h5py.File | None, notes: list[dict[str, str]]
    ) -> None:
        self.count = len(ds)
        self._notes = notes
        self._kept: dict[str, Floats] = {}
        self._sources: dict[str, Any] = dict.fromkeys(_cheap_features(ds), ds)
        if condensed is not None and "events" in condensed:
            self._sources |= _scalars(condensed["events"], condensed["events"])
        self._sources |= _scalars(ds.features_in_events, ds.h5file["events"])
        self.names = sorted(self._sources, key=labels.sorting_key)

    def __contains__(self, name: str) -> bool:
        return name in self._sources

    def get(self, name: str, *, keep: bool = False) -> Floats | None:
        """Values of all events, shape (N,); None if they cannot be read.

        Parameters
        ----------
        name
            Name of the feature.
        keep
            Hold the values for the next time.
        """
        if name in self._kept:
            return self._kept[name]
        values = self._read(name)
        if keep and values is not None:
            self._kept[name] = values
        return values

    def one(self, name: str, index: int, *, keep: bool) -> float | None:
        """Value of one event; None if it cannot be read.

        Parameters
        ----------
        keep
            Read and hold the whole feature, so that the next event costs nothing.
        """
        if keep or name in self._kept:
            values = self.get(name, keep=True)
            return None if values is None else float(values[index])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return float(self._sources[name][name][index])
        except BAD_DATA:
            return None

    def _read(self, name: str) -> Floats | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # groups are asked themselves: dclab would keep what it has read
                values = _numbers(self._sources[name][name])
        except BAD_DATA:
            values = np.empty(0)
        if values.shape == (self.count,):
            return values
        self._drop(name)
        return None

    def _drop(self, name: str) -> None:
        self._sources.pop(name)
        self.names.remove(name)
        text = f"The feature '{name}' cannot be read or has not one value per event."
        self._notes.append({"code": "bad-feature", "text": text})


def _numbers(source: Any) -> Floats:
    """All values of a feature; HDF5 reads and converts stored ones in one go."""
    import h5py

    if not isinstance(source, h5py.Dataset) or source.dtype.kind not in "fiu":
        return np.asarray(source[:], dtype=np.float64)
    values = np.empty(source.shape, dtype=np.float64)
    source.id.read(h5py.h5s.ALL, h5py.h5s.ALL, values)
    return values


def _scalars(names: Iterable[str], group: h5py.Group) -> dict[str, h5py.Group]:
    from dclab import definitions

    return {name: group for name in names if definitions.scalar_feature_exists(name)}


def _cheap_features(ds: Vetted_HDF5) -> Iterable[str]:
    """Scalar features that follow at once from stored ones, or are in internal basins."""
    from dclab import definitions
    from dclab.rtdc_dataset.feat_anc_core import FEATURES_RAPID

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = {*ds.features_basin, *(name for name in FEATURES_RAPID if name in ds)}
    return [name for name in names if definitions.scalar_feature_exists(name)]


def default_axes(columns: Columns) -> tuple[str, str] | None:
    """The two features of the first plot, read already; None if there are not two."""
    rest = [name for name in columns.names if name not in _DULL and "basinmap" not in name]
    pairs = [*_AXES, tuple(rest[:2]), tuple(columns.names[:2])]
    for pair in pairs:
        if len(pair) == 2 and all(_is_usable(columns, name) for name in pair):  # noqa: PLR2004
            return pair[0], pair[1]
    return None


def _is_usable(columns: Columns, name: str) -> bool:
    if name not in columns:
        return False
    values = columns.get(name, keep=True)
    return values is not None and bool(np.isfinite(values).any())
