"""Measurements of very many events, made quickly: compressed chunks are repeated as they are.

Images have their full size (80 x 250). Without noise they equal the background away from the cell
and their grey values are coarse: so half a million events fit on a disk. In memory they are as
large as any.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    import h5py
    from numpy.typing import NDArray

_PATTERN, _ROWS = 1000, 50
_AROUND = 12
_COARSE = 0xF8


def write_long_measurement(path: Path, events: int, *, noise: bool = False) -> Path:
    """Write a measurement.

    Parameters
    ----------
    path
        File to write.
    events
        Number of events, a multiple of 50.
    noise
        Keep the noise of the camera: 13 kB instead of 3 kB per event.
    """
    import h5py

    with tempfile.TemporaryDirectory() as folder:
        pattern = write_measurement(Path(folder) / "pattern.rtdc", events=_PATTERN)
        with h5py.File(pattern) as source, h5py.File(path, "w") as target:
            target.attrs.update(source.attrs)
            target.attrs["experiment:event count"] = events
            source.copy("logs", target)
            group = target.require_group("events")
            for name, data in source["events"].items():
                _lengthen(group, name, _values(source, name, noise=noise), events)
                group[name].attrs.update(data.attrs)
    return path


def _values(source: h5py.File, name: str, *, noise: bool) -> NDArray[Any]:
    values: NDArray[Any] = source["events"][name][:]
    if name == "image" and not noise:
        far = ~_surroundings(source["events/mask"][:])
        values[far] = source["events/image_bg"][:][far]
        values &= _COARSE
    return values


def _surroundings(masks: NDArray[Any]) -> NDArray[np.bool_]:
    """The box around each event, and a little more."""
    near = np.zeros(masks.shape, dtype=bool)
    for index, mask in enumerate(masks):
        rows, columns = np.nonzero(mask)
        near[
            index,
            max(rows.min() - _AROUND, 0) : rows.max() + _AROUND,
            max(columns.min() - _AROUND, 0) : columns.max() + _AROUND,
        ] = True
    return near


def _lengthen(group: h5py.Group, name: str, values: NDArray[Any], events: int) -> None:
    import hdf5plugin

    settings = hdf5plugin.Zstd(clevel=5)
    if values.ndim == 1:
        repeated = np.resize(values, events)
        group.create_dataset(name, data=repeated, chunks=True, fletcher32=True, **settings)
        return
    chunk = (_ROWS, *values.shape[1:])
    pattern = group.create_dataset("pattern", data=values, chunks=chunk, **settings)
    long = group.create_dataset(
        name, shape=(events, *values.shape[1:]), dtype=values.dtype, chunks=chunk, **settings
    )
    group.file.flush()
    zeros = (0,) * (values.ndim - 1)
    pieces = [
        pattern.id.read_direct_chunk((start, *zeros))[1] for start in range(0, _PATTERN, _ROWS)
    ]
    for number in range(events // _ROWS):
        long.id.write_direct_chunk((number * _ROWS, *zeros), pieces[number % len(pieces)])
    del group["pattern"]
