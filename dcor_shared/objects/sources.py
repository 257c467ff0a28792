"""Random access to an object, for programs that read a little here and there (HDF5)."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from dcor_shared.objects.store import read_range

if TYPE_CHECKING:
    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore

_BLOCK = 2**18
_BLOCKS_KEPT = 128
_READ_AHEAD_MAX = 16


class RangeSource:
    """The bytes of one object, read by ranges and kept in blocks.

    Blocks that follow the last ones read are read ahead, more of them each time.
    Not meant to be shared between threads.

    Parameters
    ----------
    store, name
        The object.
    size, etag
        Its size [bytes] and ETag; every request insists on the latter.

    Attributes
    ----------
    requests
        Number of requests made so far.
    bytes_read
        Number of bytes received so far.
    """

    def __init__(self, store: ObjectStore, name: ObjectName, size: int, etag: str) -> None:
        self.size = size
        self.requests = 0
        self.bytes_read = 0
        self._store = store
        self._name = name
        self._etag = etag
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._next = 0
        self._ahead = 0

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` (inclusive) to `stop` (exclusive), fewer at the end.

        Raises
        ------
        ObjectChangedError, ObjectMissingError, StoreUnavailableError
            See :func:`dcor_shared.objects.store.read_range`.
        """
        start, stop = max(start, 0), min(stop, self.size)
        if start >= stop:
            return b""
        first, last = start // _BLOCK, (stop - 1) // _BLOCK
        if last - first >= _BLOCKS_KEPT // 2:
            # It would push everything else out.
            return self._request(start, stop)
        data = b"".join(self._needed(first, last))
        return data[start - first * _BLOCK : stop - first * _BLOCK]

    def _needed(self, first: int, last: int) -> list[bytes]:
        missing = [block for block in range(first, last + 1) if block not in self._blocks]
        if missing:
            self._fetch(missing[0], missing[-1])
        for block in range(first, last + 1):
            self._blocks.move_to_end(block)
        found = [self._blocks[block] for block in range(first, last + 1)]
        while len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        return found

    def _fetch(self, first: int, last: int) -> None:
        """Read blocks `first` to `last`, and some more if this continues the last reading."""
        self._ahead = min(2 * self._ahead + 1, _READ_AHEAD_MAX) if first == self._next else 0
        stop = min((last + 1 + self._ahead) * _BLOCK, self.size)
        data = self._request(first * _BLOCK, stop)
        for offset in range(0, len(data), _BLOCK):
            self._blocks[first + offset // _BLOCK] = data[offset : offset + _BLOCK]
        self._next = first + -(-len(data) // _BLOCK)

    def _request(self, start: int, stop: int) -> bytes:
        data = read_range(self._store, self._name, start, stop, self._etag)
        self.requests += 1
        self.bytes_read += len(data)
        return data
