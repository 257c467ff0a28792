"""What a condensed file takes over from the original."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed.writing import STATISTICS, write_column
from dcor_shared.measurement.reading.texts import NoTextError, check_is_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import h5py

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

    #: Statistics of features by name.
    Statistics = dict[str, dict[str, Any]]

#: What HDF5, h5py and numpy raise for data that cannot be copied.
BAD_DATA = (OSError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def stored_features(ds: Vetted_HDF5) -> list[str]:
    """Scalar features in ``events`` that dclab knows, without those known to be defective."""
    from dclab import definitions

    return [name for name in ds.features_in_events if definitions.scalar_feature_exists(name)]


def copy_attributes(ds: Vetted_HDF5, out: h5py.File) -> None:
    """Copy the root attributes, without those that keep dclab from opening a file."""
    for name in ds.usable_attributes:
        out.attrs[name] = ds.h5file.attrs[name]


def copy_texts(ds: Vetted_HDF5, out: h5py.File) -> None:
    """Copy the logs as lines of fixed length."""
    target = out.require_group("logs")
    for name in sorted(ds.h5file.get("logs", ())):
        try:
            check_is_text(ds.h5file["logs"][name])
            _copy(ds.h5file["logs"], name, target)
        except (NoTextError, *BAD_DATA):
            ds.notes.append(f"The log '{name[:100]}' is not copied: it cannot be read as text.")


def copy_tables(ds: Vetted_HDF5, out: h5py.File) -> None:
    """Copy the tables with their attributes."""
    for name in sorted(ds.h5file.get("tables", ())):
        try:
            _copy(ds.h5file["tables"], name, out.require_group("tables"))
        except BAD_DATA:
            ds.notes.append(f"The table '{name[:100]}' is not copied: it cannot be read.")


def copy_features(ds: Vetted_HDF5, out: h5py.File, names: Iterable[str]) -> Statistics:
    """Copy scalar features, if not done yet; their statistics by name."""
    found: Statistics = {}
    target = out.require_group("events")
    for name in names:
        if name in target:
            continue
        try:
            found |= _copy_feature(ds.h5file["events"][name], target, name)
        except BAD_DATA:
            target.pop(name, None)
            ds.notes.append(f"The feature '{name}' is not copied: its data are damaged.")
    return found


def _copy_feature(source: h5py.Dataset, target: h5py.Group, name: str) -> Statistics:
    values = source[:]
    if not len(values):
        return {}
    return {name: write_column(target, name, values, _attributes(source))}


def _attributes(source: h5py.Dataset) -> dict[str, Any]:
    """Attributes that can be read and that are not computed anew."""
    found = {}
    for key in set(source.attrs) - STATISTICS:
        with contextlib.suppress(*BAD_DATA):
            found[key] = source.attrs[key]
    return found


def copy_basin_features(ds: Vetted_HDF5, out: h5py.File, names: Iterable[str]) -> None:
    """Copy scalar features of internal basins."""
    for name in names:
        _copy(ds.h5file["basin_events"], name, out.require_group("basin_events"))


def _copy(source: h5py.Group, name: str, target: h5py.Group) -> None:
    """Copy a dataset: raw if it is Zstandard-compressed already, else compressed anew."""
    from dclab.rtdc_dataset.copier import h5ds_copy

    h5ds_copy(src_loc=source, src_name=name, dst_loc=target, recursive=False)
