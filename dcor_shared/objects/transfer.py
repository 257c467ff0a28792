"""Whole files from and to the store: originals to scratch, artifacts to their keys."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dcor_shared.objects.errors import ChecksumMismatchError, ObjectChangedError
from dcor_shared.objects.multipart import ETagHash
from dcor_shared.objects.names import ARTIFACTS, object_name
from dcor_shared.objects.staging import abort
from dcor_shared.objects.store import delete, read_range, require
from dcor_shared.objects.upload import put_artifact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore

__all__ = ["Download", "delete_artifacts", "download", "put_artifact", "verify"]

#: Bytes of one request; a few of them are under way or in memory at any time.
_CHUNK = 16 * 2**20
_PARALLEL = 3
#: A file and two hashes.
_CONSUMERS = 3


@dataclass(frozen=True)
class Download:
    """What was downloaded.

    Attributes
    ----------
    size
        Number of bytes.
    etag
        ETag of the object.
    sha256
        Hex digest of the bytes.
    """

    size: int
    etag: str
    sha256: str


def download(
    store: ObjectStore,
    name: ObjectName,
    path: Path,
    *,
    expected_etag: str,
    digest: Literal["sha256"] = "sha256",
) -> Download:
    """Copy an object to a local file and hash it on the way.

    Every range is read from the object with `expected_etag` only, and the bytes are compared
    with it: so the digest belongs to the bytes that the uploader has sent.

    Raises
    ------
    ObjectMissingError, ObjectChangedError
        If there is no such object, or another one.
    ChecksumMismatchError
        If the bytes that arrived are not those of the ETag.
    """
    with path.open("wb") as file:
        return _read(store, name, expected_etag, hashlib.new(digest), file.write)


def verify(store: ObjectStore, name: ObjectName, *, expected_etag: str) -> Download:
    """Read an object once, compare its bytes with its ETag and hash them; nothing is kept.

    Raises
    ------
    ObjectMissingError, ObjectChangedError, ChecksumMismatchError
        See :func:`download`.
    """
    return _read(store, name, expected_etag, hashlib.sha256(), lambda _chunk: None)


def _read(
    store: ObjectStore,
    name: ObjectName,
    expected_etag: str,
    sha256: hashlib._Hash,
    take: Callable[[bytes], object],
) -> Download:
    found = require(store, name)
    if found.etag != expected_etag:
        raise ObjectChangedError(
            f"{name.key} has the ETag {found.etag} instead of {expected_etag}: it was replaced."
        )
    etag = ETagHash.like(found.etag, found.size)
    with ThreadPoolExecutor(_CONSUMERS) as pool:
        for chunk in _chunks(store, name, found.size, found.etag):
            # hashing lets other threads run: the slowest of the three takes all the time
            for done in [pool.submit(use, chunk) for use in (etag.update, sha256.update, take)]:
                done.result()
    if etag.etag() != found.etag:
        raise ChecksumMismatchError(f"The bytes of {name.key} were damaged on their way.")
    return Download(found.size, found.etag, sha256.hexdigest())


def delete_artifacts(store: ObjectStore, circle_id: str, resource_id: str) -> None:
    """Delete everything there is of a resource: all artifacts, and uploads not yet settled."""
    for artifact in ARTIFACTS:
        delete(store, object_name(store.settings, circle_id, resource_id, artifact))
    abort(store, circle_id, resource_id)


def _chunks(store: ObjectStore, name: ObjectName, size: int, etag: str) -> Iterator[bytes]:
    """Bytes of an object in order, while the next ones are already on their way."""
    starts = iter(range(0, size, _CHUNK))
    under_way: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(_PARALLEL) as pool:

        def request_next() -> None:
            if (start := next(starts, None)) is not None:
                stop = min(start + _CHUNK, size)
                under_way.append(pool.submit(read_range, store, name, start, stop, etag))

        for _ in range(_PARALLEL):
            request_next()
        while under_way:
            chunk = under_way.popleft().result()
            request_next()
            yield chunk
