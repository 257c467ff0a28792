"""Where the bytes of scalar features are in a file, so that they can be read without HDF5.

A web process must not open HDF5, but it may read byte ranges of an object and decompress them
(docs/decisions/0020-features-over-http.md). What it needs for that is noted here, in a sandbox.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed.copying import BAD_DATA

if TYPE_CHECKING:
    from collections.abc import Iterable

    import h5py

#: HDF5's numbers of the filters that readers of columns can undo.
FILTERS = {1: "zlib", 2: "shuffle", 3: "fletcher32", 32015: "zstd"}
#: Kinds of numbers: booleans, signed and unsigned integers, floating point numbers.
_KINDS = "biuf"
_ITEM_BYTES_MAX = 8
#: A reader holds a whole chunk in memory.
_CHUNK_BYTES_MAX = 16 * 2**20
#: A stored chunk may be larger than what is in it by so much: checksums, headers of compression.
#: HDF5 takes chunks with anything behind the data, so a file can claim that one has gigabytes.
_CHUNK_EXTRA_BYTES = 64 * 2**10
#: What is stored as one block is read in pieces of this size.
_PIECE_BYTES = 2**20
#: More pieces than this make the record large and the reading slow.
_CHUNKS_MAX = 512


def columns(group: h5py.Group, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Where the features are in the file of `group`; those that cannot be read so are left out.

    Parameters
    ----------
    group
        Group of an open file to which nothing remains to be written.
    names
        Names of one-dimensional datasets in it.

    Returns
    -------
    columns
        For each feature ``dtype`` (NumPy's notation), ``count`` (number of events), ``chunk``
        (events per chunk), ``filters`` (in the order in which they were applied) and ``chunks``:
        pairs of offset and size [bytes] in the file, in the order of the events.
    """
    found = {name: _column(group, name) for name in names if name in group}
    return {name: column for name, column in found.items() if column is not None}


def _column(group: h5py.Group, name: str) -> dict[str, Any] | None:
    try:
        return _described(group[name])
    except BAD_DATA:  # one damaged feature is one that cannot be read this way
        return None


def _described(dataset: h5py.Dataset) -> dict[str, Any] | None:
    if not _is_plain(dataset):
        return None
    filters = _filters(dataset)
    length = dataset.chunks[0] if dataset.chunks else _PIECE_BYTES // dataset.dtype.itemsize
    chunks = _chunks(dataset) if dataset.chunks else _pieces(dataset, length)
    if filters is None or not chunks or not _are_plausible(dataset, chunks, length):
        return None
    if not _is_there(dataset, chunks[0]):
        return None
    return {
        "dtype": dataset.dtype.str,
        "count": len(dataset),
        "chunk": length,
        "filters": filters,
        "chunks": chunks,
    }


def _is_plain(dataset: h5py.Dataset) -> bool:
    dtype = dataset.dtype
    return bool(
        dataset.ndim == 1
        and len(dataset)
        and dtype.kind in _KINDS
        and dtype.itemsize <= _ITEM_BYTES_MAX
    )


def _filters(dataset: h5py.Dataset) -> list[str] | None:
    """Names of the filters, None if there is one that readers do not know."""
    properties = dataset.id.get_create_plist()
    numbers = [properties.get_filter(index)[0] for index in range(properties.get_nfilters())]
    if not set(numbers) <= set(FILTERS):
        return None
    return [FILTERS[number] for number in numbers]


def _pieces(dataset: h5py.Dataset, length: int) -> list[list[int]] | None:
    """Offsets and sizes of pieces of a dataset that is stored as one block; None if it is not."""
    start, item = dataset.id.get_offset(), dataset.dtype.itemsize
    if start is None or len(dataset) > length * _CHUNKS_MAX:
        return None
    places = range(0, len(dataset), length)
    return [[start + at * item, min(length, len(dataset) - at) * item] for at in places]


def _chunks(dataset: h5py.Dataset) -> list[list[int]] | None:
    """Offsets and sizes of all chunks; None if one is missing, skips filters or is too large."""
    length, number = dataset.chunks[0], dataset.id.get_num_chunks()
    expected = -(-len(dataset) // length)
    if length * dataset.dtype.itemsize > _CHUNK_BYTES_MAX or expected > _CHUNKS_MAX:
        return None
    infos = [dataset.id.get_chunk_info(index) for index in range(number)]
    places = {info.chunk_offset[0] // length: info for info in infos}
    if set(places) != set(range(expected)) or any(info.filter_mask for info in infos):
        return None
    return [[places[index].byte_offset, places[index].size] for index in range(expected)]


def _are_plausible(dataset: h5py.Dataset, chunks: list[list[int]], length: int) -> bool:
    """Whether the places are in the file, and none is larger than what has to be read."""
    most = length * dataset.dtype.itemsize + _CHUNK_EXTRA_BYTES
    end = os.fstat(dataset.file.id.get_vfd_handle()).st_size
    return all(0 < size <= most and offset >= 0 and offset + size <= end for offset, size in chunks)


def _is_there(dataset: h5py.Dataset, first: list[int]) -> bool:
    """Whether the first bytes are really at that place: a file may begin with a user block."""
    offset, size = first
    found = os.pread(dataset.file.id.get_vfd_handle(), size, offset)
    if dataset.chunks:
        return bool(found == dataset.id.read_direct_chunk((0,))[1])
    return bool(found == dataset[: size // dataset.dtype.itemsize].tobytes())
