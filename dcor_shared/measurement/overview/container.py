"""The container of overview bundles and event answers: a JSON header and aligned blocks.

The format is described in docs/decisions/0010-overview-bundle.md.
"""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

MAGIC = b"DCORVIEW"
FORMAT = 1
_PREAMBLE = struct.Struct("<8sII")
_ALIGNMENT = 8
#: No offset has more digits: the header is measured with it before the offsets are known.
_LARGEST = 2**52
_DTYPES = ("<f4", "<f8", "<u1", "<u2", "<u4", "<i2")


class ContainerError(ValueError):
    """Bytes that are no container of this version."""


class ContainerWriter:
    """Collects blocks; the header is written when all of them are known.

    Blocks are described by dictionaries that are handed out before their offsets are known:
    `to_bytes` fills in the offsets, in the order in which the blocks were added.
    """

    def __init__(self) -> None:
        self._blocks: list[tuple[dict[str, Any], Iterable[memoryview]]] = []
        self._first = 0

    def add(self, data: bytes | memoryview, **described: Any) -> dict[str, Any]:
        """Add a block of bytes; its description for the header."""
        return self.add_pieces([memoryview(data)], len(data), **described)

    def add_pieces(
        self, pieces: Iterable[memoryview], length: int, **described: Any
    ) -> dict[str, Any]:
        """Add a block that is written piece by piece; its description for the header."""
        description = described | {"offset": 0, "length": length}
        self._blocks.append((description, pieces))
        return description

    def add_array(self, values: npt.NDArray[Any], dtype: str, **described: Any) -> dict[str, Any]:
        """Add a block of numbers; its description for the header."""
        if dtype not in _DTYPES:
            raise ContainerError(f"'{dtype}' is no data type of a container.")
        data = np.ascontiguousarray(values, dtype=np.dtype(dtype)).reshape(-1)
        return self.add(data.view(np.uint8).data, dtype=dtype, **described)

    def end_of_first(self) -> None:
        """Declare that all blocks so far belong to the first piece."""
        self._first = len(self._blocks)

    def to_bytes(self, header: dict[str, Any]) -> bytes:
        """The container as bytes; see `write`."""
        target = io.BytesIO()
        self.write(target, header)
        return target.getvalue()

    def write(self, target: BinaryIO, header: dict[str, Any]) -> int:
        """Write the container; its length. `header` gets the keys ``format`` and ``first``."""
        for description, _ in self._blocks:
            description["offset"] = _LARGEST
        header |= {"format": FORMAT, "first": _LARGEST}
        length = _padded(len(_encoded(header)))
        header["first"] = self._place(_PREAMBLE.size + length)
        target.write(_PREAMBLE.pack(MAGIC, FORMAT, length) + _encoded(header).ljust(length))
        written = _PREAMBLE.size + length
        for description, pieces in self._blocks:
            size = sum(target.write(piece) for piece in pieces)
            if size != description["length"]:
                raise ContainerError("A block has another length than it was said to have.")
            target.write(bytes(_padded(size) - size))
            written += _padded(size)
        return written

    def _place(self, offset: int) -> int:
        first = offset
        for number, (description, _) in enumerate(self._blocks):
            description["offset"] = offset
            offset += _padded(description["length"])
            if number < self._first:
                first = offset
        return first


def _encoded(header: dict[str, Any]) -> bytes:
    return json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _padded(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT


def read_header(data: bytes) -> dict[str, Any]:
    """Header of a container.

    Raises
    ------
    ContainerError
        If the bytes do not begin like a container of this version.
    """
    if len(data) < _PREAMBLE.size:
        raise ContainerError("The container is shorter than its preamble.")
    magic, version, length = _PREAMBLE.unpack_from(data)
    if magic != MAGIC or version != FORMAT:
        raise ContainerError("This is no container of a version that is known here.")
    if _PREAMBLE.size + length > len(data):
        raise ContainerError("The header of the container is cut off.")
    try:
        header = json.loads(data[_PREAMBLE.size : _PREAMBLE.size + length])
    except ValueError as error:
        raise ContainerError("The header of the container is no JSON.") from error
    if not isinstance(header, dict):
        raise ContainerError("The header of the container is no object.")
    return header


def read_block(data: bytes, block: dict[str, Any]) -> bytes:
    """Bytes of a block.

    Raises
    ------
    ContainerError
        If the block leaves the container.
    """
    start, stop = block["offset"], block["offset"] + block["length"]
    if not 0 <= start <= stop <= len(data):
        raise ContainerError("A block leaves the container.")
    return data[start:stop]


def read_array(data: bytes, block: dict[str, Any]) -> npt.NDArray[Any]:
    """Numbers of a block, one-dimensional.

    Raises
    ------
    ContainerError
        If the block leaves the container or has an unknown type.
    """
    if block.get("dtype") not in _DTYPES:
        raise ContainerError("A block of the container has an unknown type.")
    return np.frombuffer(read_block(data, block), dtype=block["dtype"])
