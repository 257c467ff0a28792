"""Datasets: stored in this file, with known filters, and as large as their bytes can be."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import (
    ChunkSizeError,
    ExternalStorageError,
    FilterNotAllowedError,
    LogicalSizeError,
    VirtualDatasetError,
    WrongRankError,
)
from dcor_shared.measurement.vetting.types import check_type

if TYPE_CHECKING:
    from h5py.h5d import DatasetID
    from h5py.h5p import PropDCID

    from dcor_shared.measurement.vetting.limits import VettingLimits

_DEFLATE, _SHUFFLE, _FLETCHER32, _LZF, _ZSTD = 1, 2, 3, 32000, 32015
#: What dclab and the recording software of the field write; each filter is a decoder in C that
#: meets hostile bytes.
ALLOWED_FILTERS = frozenset({_DEFLATE, _SHUFFLE, _FLETCHER32, _LZF, _ZSTD})
_COMPRESSORS = frozenset({_DEFLATE, _LZF, _ZSTD})


def check_dataset(dataset: DatasetID, path: str, limits: VettingLimits) -> int:
    """Check how a dataset is stored, before its extent is asked for or anything is read.

    Returns
    -------
    size
        Logical size in bytes.

    Raises
    ------
    UnsafeFileError
        One of its subclasses, named after the broken rule.
    """
    where = f"'{path}'"
    properties = dataset.get_create_plist()
    check_storage(properties, where)
    _check_filters(properties, where, limits)
    kind = dataset.get_type()
    check_type(kind, where)
    if kind.get_size() > limits.item_bytes:
        raise LogicalSizeError(f"{where} has elements of {kind.get_size()} bytes.")
    return _check_extent(dataset, properties, kind.get_size(), where, limits)


def check_storage(properties: PropDCID, where: str) -> None:
    """Refuse data that lie in other files or datasets.

    Raises
    ------
    ExternalStorageError, VirtualDatasetError
        If they do.
    """
    from h5py import h5d

    if properties.get_external_count():
        raise ExternalStorageError(
            f"The data of {where} lie in another file; copy them into this one."
        )
    if properties.get_layout() not in {h5d.COMPACT, h5d.CONTIGUOUS, h5d.CHUNKED}:
        raise VirtualDatasetError(
            f"{where} is put together from other datasets; store the data themselves."
        )


def _check_filters(properties: PropDCID, where: str, limits: VettingLimits) -> None:
    number = properties.get_nfilters()
    if number > limits.filters:
        raise FilterNotAllowedError(f"{where} is stored with {number} filters.")
    codes = [properties.get_filter(index)[0] for index in range(number)]
    if unknown := sorted(set(codes) - ALLOWED_FILTERS):
        raise FilterNotAllowedError(
            f"{where} is stored with the filter {unknown[0]}; rewrite the file with dclab-compress."
        )
    if len([code for code in codes if code in _COMPRESSORS]) > 1:
        raise FilterNotAllowedError(f"{where} is compressed more than once.")


def _check_extent(
    dataset: DatasetID, properties: PropDCID, item: int, where: str, limits: VettingLimits
) -> int:
    from h5py import h5d, h5s

    space = dataset.get_space()
    if space.get_simple_extent_type() == h5s.NULL:
        return 0
    shape = space.get_simple_extent_dims()
    if len(shape) > limits.rank:
        raise WrongRankError(f"{where} has {len(shape)} dimensions.")
    size = int(prod(shape)) * item
    if size > limits.logical_bytes:
        raise LogicalSizeError(f"{where} claims to have {size} bytes.")
    if properties.get_layout() == h5d.CHUNKED:
        _check_chunk(prod(properties.get_chunk()) * item, where, limits)
    if limits.whole:
        check_ratio(size, dataset.get_storage_size(), where, limits)
    return size


def _check_chunk(size: int, where: str, limits: VettingLimits) -> None:
    if size > limits.chunk_bytes:
        raise ChunkSizeError(
            f"{where} has chunks of {size} bytes, {limits.chunk_bytes} are allowed; rewrite the "
            "file with dclab-compress."
        )


def check_ratio(size: int, stored: int, where: str, limits: VettingLimits) -> None:
    """Refuse logical sizes that the stored bytes cannot account for.

    Raises
    ------
    LogicalSizeError
        If they are too far apart.
    """
    if size > limits.ratio * stored + limits.ratio_free_bytes:
        raise LogicalSizeError(
            f"{where} claims to have {size} bytes, but only {stored} bytes are stored."
        )
