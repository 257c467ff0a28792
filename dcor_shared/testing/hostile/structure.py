"""Files that are broken as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np

from dcor_shared.measurement import errors
from dcor_shared.testing.hostile.corpus import as_bytes, as_hdf5

if TYPE_CHECKING:
    from pathlib import Path

#: Bytes before the first object of a heap, and before the data of each object.
_HEAP_HEADER = 16


@as_bytes("empty file", errors.NotHdf5Error)
def _empty(path: Path) -> None:
    path.write_bytes(b"")


@as_bytes("garbage", errors.NotHdf5Error)
def _garbage(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


@as_bytes("only the signature", errors.UnreadableFileError)
def _only_signature(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:8])


@as_bytes("truncated", errors.TruncatedFileError)
def _truncated(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


@as_bytes("structure overwritten", errors.UnreadableFileError)
def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    with h5py.File(path) as h5:
        start = h5py.h5o.get_info(h5["events"].id).addr
    data[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))


@as_bytes("user block", errors.UserBlockError)
def _user_block(path: Path) -> None:
    with h5py.File(path, "w", userblock_size=512) as h5:
        h5.create_group("events")
    path.write_bytes(b"#!/bin/sh\n".ljust(512) + path.read_bytes()[512:])


@as_hdf5("no events group", errors.NoEventsError)
def _no_events_group(h5: h5py.File) -> None:
    del h5["events"]


@as_hdf5("no features", errors.NoEventsError)
def _no_features(h5: h5py.File) -> None:
    del h5["events"]
    h5.create_group("events")


@as_hdf5("features without events", errors.NoEventsError)
def _no_events(h5: h5py.File) -> None:
    del h5["events"]
    h5["events/deform"] = np.zeros(0)
    h5.attrs["experiment:event count"] = 0


@as_hdf5("deep nesting", errors.NestingError)
def _deep(h5: h5py.File) -> None:
    h5.create_group("/".join("g" * 200))


def write_circle(path: Path, owner: str = "/") -> None:
    """Add a text in whose surroundings HDF5 goes round in circles; found by mutating real files.

    Texts of variable length lie in heaps. Here the free space at the end of each is said to have
    no length, so that reading one never comes to its end. It is no member of the corpus: only the
    limit of computing time helps.

    Parameters
    ----------
    path
        A good file.
    owner
        Path in the file of the object that gets the text as an attribute.
    """
    with h5py.File(path, "a") as h5:
        h5[owner].attrs["user:remark"] = "around and around"
    data = bytearray(path.read_bytes())
    heap = data.rfind(b"GCOL")
    place = heap + _HEAP_HEADER
    while int.from_bytes(data[place : place + 2], "little"):
        length = int.from_bytes(data[place + 8 : place + _HEAP_HEADER], "little")
        place += _HEAP_HEADER + -(-length // 8) * 8
    data[place + 8 : place + _HEAP_HEADER] = bytes(8)
    path.write_bytes(bytes(data))
