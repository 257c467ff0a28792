"""Reading chunks of columns from the object store, and keeping them in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_shared.objects.store import read_range

from ckanext.dc_serve import config
from ckanext.dc_serve.features.columns import DamagedColumnError
from ckanext.dc_serve.memory import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore

    from ckanext.dc_serve.features.columns import Column

#: Chunks with a smaller gap [bytes] between them are read in one request.
_GAP = 64 * 1024
#: Most bytes of one request.
_REQUEST_BYTES = 16 * 2**20

_cache = BoundedCache(config.feature_cache)


@dataclass(frozen=True)
class Place:
    """The object that a column is in, and its ETag when the column was noted."""

    store: ObjectStore
    name: ObjectName
    etag: str


def values(place: Place, column: Column, first: int, last: int) -> bytes:
    """Bytes of the values in the chunks number `first` to `last` (inclusive).

    Raises
    ------
    ObjectStoreError
        If the store does not give the bytes; `ObjectChangedError` if the object is another one.
    DamagedColumnError
        If the bytes are not what the record says.
    """
    runs = _runs(column, range(first, last + 1))
    return b"".join(chunk for run in runs for chunk in _decoded(place, column, run))


def forget() -> None:
    """Empty the memory of this process."""
    _cache.clear()


def _runs(column: Column, indices: range) -> Iterator[Sequence[int]]:
    """Runs of chunks that lie close together in the object, in the order of the events."""
    run: list[int] = []
    for index in indices:
        if run and not _continues(column, run, index):
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _continues(column: Column, run: list[int], index: int) -> bool:
    offset, size = column.chunks[index]
    begin = column.chunks[run[0]][0]
    end = sum(column.chunks[run[-1]])
    return 0 <= offset - end <= _GAP and offset + size - begin <= _REQUEST_BYTES


def _decoded(place: Place, column: Column, run: Sequence[int]) -> Sequence[bytes]:
    key = (place.name, place.etag, column.chunks[run[0]][0], run[0], run[-1])

    def make() -> tuple[list[bytes], int]:
        chunks = _read(place, column, run)
        return chunks, sum(map(len, chunks))

    found: list[bytes] = _cache.get(key, make)
    return found


def _read(place: Place, column: Column, run: Sequence[int]) -> list[bytes]:
    begin = column.chunks[run[0]][0]
    end = sum(column.chunks[run[-1]])
    data = read_range(place.store, place.name, begin, end, place.etag)
    if len(data) != end - begin:
        raise DamagedColumnError("The object is shorter than the record says.")
    decoded = []
    for index in run:
        offset, size = column.chunks[index]
        decoded.append(column.decode(index, data[offset - begin : offset - begin + size]))
    return decoded
