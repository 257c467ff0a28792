"""The byte source as the sandboxed process sees it: a file whose bytes the parent fetches."""

from __future__ import annotations

import io
from collections import OrderedDict
from typing import TYPE_CHECKING

from dcor_shared.measurement.sandbox import wire
from dcor_shared.measurement.sandbox.limits import KIB, MIB

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer

#: Unit of fetching. HDF5 reads metadata in pieces of a few hundred bytes, and a request to an
#: object store costs more than a few hundred kilobytes of transfer.
BLOCK = 256 * KIB
#: Blocks that are kept.
_BLOCKS_KEPT = 256
#: Longest range that is fetched with one request.
LONGEST = 16 * MIB


class RemoteFile(io.RawIOBase):
    """A read-only, seekable file over the connection to the parent.

    Reading ahead doubles with every block that follows the one before, up to 4 MiB.
    """

    def __init__(self, channel: socket.socket, size: int) -> None:
        self._channel = channel
        self._size = size
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._next = -1
        self._ahead = 1

    def readable(self) -> bool:
        """Whether one can read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether one can seek: yes."""
        return True

    def tell(self) -> int:
        """Offset of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer; fewer bytes only at the end of the file."""
        view = memoryview(buffer).cast("B")
        start = self._position
        stop = max(start, min(start + len(view), self._size))
        if stop - start > 4 * BLOCK:
            self._read_directly(view, start, stop)
        else:
            self._read_blocks(view, start, stop)
        self._position = stop
        return stop - start

    def _read_directly(self, view: memoryview, start: int, stop: int) -> None:
        for begin in range(start, stop, LONGEST):
            end = min(begin + LONGEST, stop)
            view[begin - start : end - start] = self._fetch(begin, end)

    def _read_blocks(self, view: memoryview, start: int, stop: int) -> None:
        position = start
        while position < stop:
            number, offset = divmod(position, BLOCK)
            piece = self._block(number)[offset : offset + stop - position]
            view[position - start : position - start + len(piece)] = piece
            position += len(piece)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            self._load(number)
        self._blocks.move_to_end(number)
        return self._blocks[number]

    def _load(self, number: int) -> None:
        self._ahead = min(2 * self._ahead, 16) if number == self._next else 1
        begin = number * BLOCK
        data = self._fetch(begin, min(begin + self._ahead * BLOCK, self._size))
        for position in range(0, len(data), BLOCK):
            self._blocks[number + position // BLOCK] = data[position : position + BLOCK]
        self._next = number + self._ahead
        while len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)

    def _fetch(self, start: int, stop: int) -> bytes:
        wire.send_document(self._channel, {"read": [start, stop]})
        kind, data = wire.receive(self._channel, at_most=LONGEST)
        if kind != wire.BYTES or len(data) != stop - start:
            raise OSError("the source could not be read")
        return data
