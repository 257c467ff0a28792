"""Scalar features as they are stored in a condensed file: one piece each, with their statistics."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import statistics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import h5py
    import numpy as np
    from h5py import h5s, h5t
    from numpy.typing import NDArray

#: What people look at first: readers of a distant file get these with the fewest requests.
HOT = (
    "deform", "area_um", "area_ratio", "aspect", "bright_avg", "bright_sd", "bright_bc_avg",
    "bright_bc_sd", "circ", "volume", "emodulus", "fl1_max", "fl2_max", "fl3_max", "fl1_max_ctc",
    "fl2_max_ctc", "fl3_max_ctc", "time", "pos_x", "pos_y",
)  # fmt: skip
#: A feature is one chunk, so that it is read with one request; very long ones are several.
_CHUNK_BYTES = 16 * 1024**2
#: HDF5's own metadata are kept together in pieces of this size, the first at the front: a client
#: that reads blocks of 256 KiB lists features, logs and basins with one or two of them. Files with
#: fewer features than about 70 need one piece, and the first feature fits into the first block.
_METADATA_BYTES = 64 * 1024
#: Compact headers; readable by every HDF5 since 1.10 (2016).
_VERSIONS = ("v110", "v110")
#: Statistics that dclab writes as well and uses instead of the data.
_DCLAB_STATISTICS = ("min", "max", "mean")
#: Attributes that are computed here, or missing: what the original says in them is not believed.
STATISTICS = frozenset({*_DCLAB_STATISTICS, "sd", "median", "nan", "quantiles"})


def new_file(path: Path) -> h5py.File:
    """An empty file in which metadata and data are kept apart."""
    import h5py

    return h5py.File(path, "w", libver=_VERSIONS, meta_block_size=_METADATA_BYTES)


def hot_first(names: Iterable[str]) -> list[str]:
    """Names in the order in which features are written."""
    rank = {name: number for number, name in enumerate(HOT)}
    return sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


def write_column(
    group: h5py.Group, name: str, values: NDArray[Any], attributes: Mapping[str, Any]
) -> dict[str, Any]:
    """Write one scalar feature.

    Parameters
    ----------
    group
        Group to write to.
    name
        Name of the feature.
    values
        One value per event.
    attributes
        Attributes of the original besides :data:`STATISTICS`.

    Returns
    -------
    statistics
        See :func:`dcor_shared.measurement.condensed.statistics.describe`.
    """
    import numpy as np

    described = statistics.describe(values)
    dataset = _create(group, name, values)
    for key, value in attributes.items():
        dataset.attrs[key] = value
    for key, value in _attributes(values, described).items():
        _attach(dataset, key, np.asarray(value))
    # space in the file is given to data when they are flushed: in the order of writing
    dataset.flush()
    return described


def _create(group: h5py.Group, name: str, values: NDArray[Any]) -> h5py.Dataset:
    import hdf5plugin

    rows = min(len(values), max(1, _CHUNK_BYTES // values.dtype.itemsize))
    return group.create_dataset(
        name, data=values, chunks=(rows,), fletcher32=True, **hdf5plugin.Zstd(clevel=5)
    )


def _attach(dataset: h5py.Dataset, name: str, value: NDArray[Any]) -> None:
    """Write a new attribute; h5py's own way takes several times as long, and there are hundreds."""
    from h5py import h5a

    kind = _type(value.dtype)
    h5a.create(dataset.id, name.encode(), kind, _space(value.shape)).write(value, mtype=kind)


@cache
def _type(dtype: np.dtype[Any]) -> h5t.TypeID:
    from h5py import h5t

    return h5t.py_create(dtype)


@cache
def _space(shape: tuple[int, ...]) -> h5s.SpaceID:
    from h5py import h5s

    return h5s.create_simple(shape) if shape else h5s.create(h5s.SCALAR)


def _attributes(values: NDArray[Any], described: dict[str, Any]) -> dict[str, Any]:
    """Statistics as attributes; those of dclab as dclab computes them."""
    import numpy as np

    nothing = values.dtype.kind == "f" and bool(np.isnan(values).all())
    with np.errstate(all="ignore"):
        attributes: dict[str, Any] = {
            key: values.dtype.type(np.nan) if nothing else getattr(np, f"nan{key}")(values)
            for key in _DCLAB_STATISTICS
        }
    attributes |= {"sd": described["sd"], "median": described["median"], "nan": described["nan"]}
    quantiles = [(float(key), value) for key, value in described["quantiles"].items()]
    if quantiles[0][1] is not None:
        attributes["quantiles"] = np.array(quantiles, dtype=float)
    return {key: value for key, value in attributes.items() if value is not None}
