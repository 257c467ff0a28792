"""Settling: the verified, server-side move of an upload to the key that readers get.

Holders of an upload URL may replace the staged object at any moment, stores do not compare ETags
while they copy, and two processes may settle the same resource at once. Nevertheless the final
object only ever gets the bytes of one ETag:

1. The ETag to settle is claimed by a conditional PUT, so that all processes agree on it.
2. Only then the final key is looked at: if an object is there, it stays.
3. Bytes are copied to a place that no URL leads to (a key of this attempt, or parts of a
   multipart upload), compared there, and only then become the final object.

A process that is late may write the same bytes once more, which loses the tags of the object; the
reconciliation of visibility sets them again.
"""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_shared.objects.errors import (
    ChecksumMismatchError,
    ObjectChangedError,
    ObjectMissingError,
    SizeMismatchError,
    StagedObjectMissingError,
    store_errors,
)
from dcor_shared.objects.multipart import (
    combined_etag,
    complete_upload,
    multipart_upload,
    part_length,
)
from dcor_shared.objects.names import STAGING, ObjectName, object_name
from dcor_shared.objects.store import delete, head, read_range, require

if TYPE_CHECKING:
    from dcor_shared.objects.store import ObjectStore, StoredObject

DEFAULT_CONTENT_TYPE = "application/octet-stream"
_PARALLEL_PARTS = 4
#: Bytes that are enough for an ETag.
_CLAIM_MAX = 1024


@dataclass(frozen=True)
class _Expected:
    """What is known of an upload beforehand."""

    size: int | None
    etag: str | None


def settle(
    store: ObjectStore,
    circle_id: str,
    resource_id: str,
    expected_size: int | None = None,
    content_type: str = DEFAULT_CONTENT_TYPE,
    *,
    expected_etag: str | None = None,
) -> StoredObject:
    """Make the uploaded object of a resource final; harmless if that was done before.

    The final object has the ETag of the upload, no tags, no ACL, and the given media type,
    whatever the upload had. It never gets other bytes, whatever is uploaded afterwards.

    Parameters
    ----------
    expected_size
        Size that was announced [bytes].
    content_type
        Media type of the final object.
    expected_etag
        ETag that was registered; a staged object with another one is left where it is.

    Raises
    ------
    StagedObjectMissingError
        If nothing was uploaded.
    SizeMismatchError
        If the object has not the size that was announced.
    ObjectChangedError
        If somebody replaced the uploaded object meanwhile.
    ChecksumMismatchError
        If parts were not cut as agreed, so that the ETag cannot be kept.
    """
    final = object_name(store.settings, circle_id, resource_id)
    staged = object_name(store.settings, circle_id, resource_id, STAGING)
    if (settled := head(store, final)) is None:
        expected = _Expected(expected_size, expected_etag)
        settled = _settle_staged(store, staged, final, expected, content_type)
    _check_size(settled, expected_size)
    for name in (staged, claim_name(staged)):
        delete(store, name)
    return settled


def claim_name(staged: ObjectName) -> ObjectName:
    """Where it is noted which ETag is being settled; no URL ever leads there."""
    return ObjectName(staged.bucket, f"{staged.key}.claim")


def _settle_staged(
    store: ObjectStore,
    staged: ObjectName,
    final: ObjectName,
    expected: _Expected,
    content_type: str,
) -> StoredObject:
    claimed = False
    if (found := head(store, staged)) is not None:
        _check_size(found, expected.size)
        if expected.etag not in {None, found.etag}:
            raise _changed(staged)
        claimed = _claim(store, staged, found.etag)
    # Looked at again after the claim: another process may have been faster.
    if (settled := head(store, final)) is not None:
        return settled
    if found is None:
        raise StagedObjectMissingError(
            f"Nothing was uploaded to {staged.key}. Upload the file before it is registered."
        )
    if not claimed:
        raise _changed(staged)
    return _move(_Move(store, staged, found, final, content_type))


def _check_size(found: StoredObject, expected_size: int | None) -> None:
    if expected_size is not None and found.size != expected_size:
        raise SizeMismatchError(
            f"The uploaded file has {found.size} bytes, but {expected_size} were announced."
            " Upload it again."
        )


def _claim(store: ObjectStore, staged: ObjectName, etag: str) -> bool:
    """Agree with all other processes on the ETag that is settled; False if it is another one."""
    name = claim_name(staged)
    try:
        with store_errors(f"Claiming {staged.key}"):
            store.client.put_object(
                Bucket=name.bucket, Key=name.key, Body=etag.encode(), IfNoneMatch="*"
            )
    except ObjectChangedError:
        return _read_claim(store, name) == etag.encode()
    return True


def _read_claim(store: ObjectStore, name: ObjectName) -> bytes:
    """ETag that was claimed; nothing if the one who claimed it is ready by now."""
    try:
        return read_range(store, name, 0, _CLAIM_MAX)
    except ObjectMissingError:
        return b""


@dataclass(frozen=True)
class _Move:
    """One attempt to settle the staged object that was `found`."""

    store: ObjectStore
    staged: ObjectName
    found: StoredObject
    final: ObjectName
    content_type: str


def _move(move: _Move) -> StoredObject:
    try:
        if "-" in move.found.etag:
            _copy_by_parts(move)
        else:
            _copy_whole(move)
    except (ObjectMissingError, ObjectChangedError):
        # Another process, which has claimed the same, may have finished and cleaned up.
        if (settled := head(move.store, move.final)) is None:
            raise
        return settled
    return _verified(move, move.final)


def _copy_whole(move: _Move) -> None:
    private = ObjectName(move.staged.bucket, f"{move.staged.key}.{uuid.uuid4()}")
    try:
        _copy_object(move, move.staged, private)
        _verified(move, private)
        if head(move.store, move.final) is None:
            _copy_object(move, private, move.final)
    finally:
        delete(move.store, private)


def _copy_object(move: _Move, source: ObjectName, target: ObjectName) -> None:
    with store_errors(f"Copying {source.key}"):
        move.store.copy_client.copy_object(
            Bucket=target.bucket,
            Key=target.key,
            CopySource={"Bucket": source.bucket, "Key": source.key},
            # Nothing that the uploader attached may reach readers.
            MetadataDirective="REPLACE",
            TaggingDirective="REPLACE",
            ContentType=move.content_type,
        )


def _copy_by_parts(move: _Move) -> None:
    """Copy with the client's own part boundaries, which keeps the ETag."""
    count = int(move.found.etag.rpartition("-")[2])
    with (
        multipart_upload(move.store, move.final, move.content_type, {}) as upload_id,
        ThreadPoolExecutor(_PARALLEL_PARTS) as pool,
    ):
        numbers = range(1, count + 1)
        etags = list(pool.map(lambda number: _copy_part(move, upload_id, number, count), numbers))
        _check_parts(move, etags)
        complete_upload(move.store, move.final, upload_id, etags)


def _copy_part(move: _Move, upload_id: str, number: int, count: int) -> str:
    """Copy part `number` of `count`; its ETag."""
    length = part_length(move.found.size, count)
    start, stop = (number - 1) * length, min(number * length, move.found.size)
    answer = move.store.copy_client.upload_part_copy(
        Bucket=move.final.bucket,
        Key=move.final.key,
        UploadId=upload_id,
        PartNumber=number,
        CopySource={"Bucket": move.staged.bucket, "Key": move.staged.key},
        CopySourceRange=f"bytes={start}-{stop - 1}",
    )
    return answer["CopyPartResult"]["ETag"].strip('"')


def _check_parts(move: _Move, etags: list[str]) -> None:
    """Compare what the parts will make before they become an object."""
    if combined_etag(etags) == move.found.etag:
        return
    now = head(move.store, move.staged)
    if now is None or now.etag != move.found.etag:
        raise _changed(move.staged)
    raise ChecksumMismatchError(
        f"The parts of {move.staged.key} were not cut into equal lengths (only the last one may"
        " be shorter). Upload the file again."
    )


def _verified(move: _Move, name: ObjectName) -> StoredObject:
    copied = require(move.store, name)
    if (copied.etag, copied.size) != (move.found.etag, move.found.size):
        raise _changed(name)
    return copied


def _changed(name: ObjectName) -> ObjectChangedError:
    return ObjectChangedError(
        f"{name.key} was replaced while it was being registered. Ask for new upload URLs and"
        " upload the file again."
    )
