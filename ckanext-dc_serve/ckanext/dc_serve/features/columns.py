"""From the bytes of an object to the values of a feature, without HDF5."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DTYPE = re.compile(r"[<>|][biuf][1248]")
_CHECKSUM_BYTES = 4
#: What one chunk may take in memory; sandboxed code notes no larger ones.
_CHUNK_BYTES_MAX = 16 * 2**20
#: A stored chunk may be larger than what is in it by so much: checksums, headers of compression.
_CHUNK_EXTRA_BYTES = 64 * 2**10


class DamagedColumnError(Exception):
    """The bytes in the store are not what the record says."""


@dataclass(frozen=True)
class Column:
    """Where the values of a feature are, as noted when the measurement was condensed.

    Attributes
    ----------
    dtype
        Type of the values in NumPy's notation, e.g. ``<f8``.
    count
        Number of values.
    chunk
        Number of values per chunk.
    filters
        What was done to the bytes of each chunk, in order.
    chunks
        Offset and size of each chunk in the object [bytes].
    """

    dtype: str
    count: int
    chunk: int
    filters: tuple[str, ...]
    chunks: tuple[tuple[int, int], ...]

    @classmethod
    def from_json(cls, noted: Mapping[str, Any]) -> Self:
        """A column of its note in the record.

        Raises
        ------
        DamagedColumnError
            If the note is no description of a column.
        """
        column = cls(
            str(noted["dtype"]),
            int(noted["count"]),
            int(noted["chunk"]),
            tuple(noted["filters"]),
            tuple((int(offset), int(size)) for offset, size in noted["chunks"]),
        )
        if not column._is_sound:
            raise DamagedColumnError("The record describes the feature wrongly.")
        return column

    @property
    def item_bytes(self) -> int:
        """Bytes of one value."""
        return int(self.dtype[2:])

    @property
    def _is_sound(self) -> bool:
        return bool(
            _DTYPE.fullmatch(self.dtype)
            and set(self.filters) <= set(_UNDO)
            and self.chunk > 0
            and self.chunk * self.item_bytes <= _CHUNK_BYTES_MAX
            and len(self.chunks) == -(-self.count // self.chunk)
            and all(self._is_plausible(*place) for place in self.chunks)
        )

    def _is_plausible(self, offset: int, size: int) -> bool:
        """Whether no more is read than the values need; the store refuses what it does not have."""
        most = self.chunk * self.item_bytes + _CHUNK_EXTRA_BYTES
        return offset >= 0 and 0 < size <= most

    def decode(self, index: int, raw: bytes) -> bytes:
        """Bytes of the values in chunk number `index`, little-endian or as the type says.

        Raises
        ------
        DamagedColumnError
            If the bytes are not what they should be.
        """
        whole = self.chunk * self.item_bytes
        for number, name in reversed(list(enumerate(self.filters))):
            sums = self.filters[:number].count("fletcher32") * _CHECKSUM_BYTES
            raw = _UNDO[name](raw, whole + sums, self.item_bytes)
        values = min(self.chunk, self.count - index * self.chunk)
        if len(raw) < values * self.item_bytes:
            raise DamagedColumnError("A chunk of the feature is too short.")
        return raw[: values * self.item_bytes]


def _strip_checksum(raw: bytes, _whole: int, _item: int) -> bytes:
    return raw[:-_CHECKSUM_BYTES]


def _unshuffle(raw: bytes, _whole: int, item: int) -> bytes:
    import numpy as np

    values = len(raw) // item
    planes = np.frombuffer(raw, np.uint8, values * item).reshape(item, values)
    return planes.T.tobytes() + raw[values * item :]


def _zstd(raw: bytes, whole: int, _item: int) -> bytes:
    import pyarrow as pa

    try:
        return pa.decompress(raw, whole, codec="zstd", asbytes=True)
    except (OSError, pa.ArrowException) as error:
        raise DamagedColumnError("A chunk of the feature cannot be decompressed.") from error


def _zlib(raw: bytes, whole: int, _item: int) -> bytes:
    stream = zlib.decompressobj()
    try:
        return stream.decompress(raw, whole)
    except zlib.error as error:
        raise DamagedColumnError("A chunk of the feature cannot be decompressed.") from error


_UNDO: dict[str, Callable[[bytes, int, int], bytes]] = {
    "fletcher32": _strip_checksum,
    "shuffle": _unshuffle,
    "zlib": _zlib,
    "zstd": _zstd,
}
