"""Files whose data are stored in ways that endanger the reader."""

from __future__ import annotations

import h5py
import hdf5plugin
import numpy as np
from h5py import h5d, h5p, h5s, h5t

from dcor_shared.measurement import errors
from dcor_shared.testing.hostile.corpus import as_hdf5

_SECRET = "/etc/passwd"  # noqa: S105 - a path


def _raw_dataset(
    group: h5py.Group, name: str, shape: tuple[int, ...], kind: h5t.TypeID, plist: h5p.PropDCID
) -> None:
    h5d.create(group.id, name.encode(), kind, h5s.create_simple(shape), plist)


@as_hdf5("external raw storage", errors.ExternalStorageError)
def _external_storage(h5: h5py.File) -> None:
    h5["events"].create_dataset(
        "userdef1", (3,), np.uint8, external=[(_SECRET, 0, h5py.h5f.UNLIMITED)]
    )


@as_hdf5("virtual dataset from another file", errors.VirtualDatasetError)
def _virtual(h5: h5py.File) -> None:
    layout = h5py.VirtualLayout((3,), np.uint8)
    layout[:] = h5py.VirtualSource("other.rtdc", "events/deform", (3,))
    h5["events"].create_virtual_dataset("userdef1", layout)


@as_hdf5("virtual dataset from itself", errors.VirtualDatasetError)
def _virtual_self(h5: h5py.File) -> None:
    layout = h5py.VirtualLayout((3,), np.uint8)
    layout[:] = h5py.VirtualSource(".", "events/userdef1", (3,))
    h5["events"].create_virtual_dataset("userdef1", layout)


@as_hdf5("filter blosc", errors.FilterNotAllowedError)
def _blosc(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=np.arange(3.0), chunks=(3,), **hdf5plugin.Blosc())


@as_hdf5("filter scale-offset", errors.FilterNotAllowedError)
def _scale_offset(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=np.arange(3), chunks=(3,), scaleoffset=True)


@as_hdf5("filter that nobody knows", errors.FilterNotAllowedError)
def _unknown_filter(h5: h5py.File) -> None:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    plist.set_filter(31337, h5py.h5z.FLAG_OPTIONAL, (1,))
    _raw_dataset(h5["events"], "userdef1", (3,), h5t.NATIVE_DOUBLE, plist)


@as_hdf5("compressed twice", errors.FilterNotAllowedError)
def _twice(h5: h5py.File) -> None:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    plist.set_deflate(9)
    plist.set_filter(hdf5plugin.ZSTD_ID, 0, (5,))
    _raw_dataset(h5["events"], "userdef1", (3,), h5t.NATIVE_DOUBLE, plist)


@as_hdf5("shuffled a hundred times", errors.FilterNotAllowedError)
def _many_filters(h5: h5py.File) -> None:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    for _ in range(30):
        plist.set_shuffle()
    _raw_dataset(h5["events"], "userdef1", (3,), h5t.NATIVE_DOUBLE, plist)


@as_hdf5("a quadrillion events", errors.LogicalSizeError)
def _quadrillion(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (10**15,), np.float64, chunks=(1024,))


@as_hdf5("much from nothing", errors.LogicalSizeError)
def _unwritten(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (10**12,), np.uint8, chunks=(1024,))


@as_hdf5("gigabytes of zeros in a few kilobytes", errors.LogicalSizeError)
def _compression_bomb(h5: h5py.File) -> None:
    rows, number = 64 * 1024**2, 100
    bomb = h5["events"].create_dataset(
        "userdef1", (rows * number,), np.uint8, chunks=(rows,), **hdf5plugin.Zstd(clevel=19)
    )
    bomb[:rows] = 0
    _, packed = bomb.id.read_direct_chunk((0,))
    for index in range(1, number):
        bomb.id.write_direct_chunk((index * rows,), packed)


@as_hdf5("elements of many megabytes", errors.LogicalSizeError)
def _huge_elements(h5: h5py.File) -> None:
    h5["logs"].create_dataset("x", (3,), "S50000000", chunks=(1,))


@as_hdf5("giant chunk", errors.ChunkSizeError)
def _giant_chunk(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (3,), np.float64, chunks=(2**28,), maxshape=(None,))
