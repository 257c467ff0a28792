"""Exact copies of objects made by the store itself, also between buckets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from dcor_shared.objects.errors import ChecksumMismatchError, store_errors
from dcor_shared.objects.multipart import complete_upload, multipart_upload, part_length
from dcor_shared.objects.store import head, require

if TYPE_CHECKING:
    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore, StoredObject

_PARALLEL_PARTS = 4


def copy_exactly(store: ObjectStore, source: ObjectName, target: ObjectName) -> StoredObject:
    """Copy an object with its ETag, media type and metadata, but without its tags.

    A target that has the same ETag and size is left alone: doing so twice is harmless. The copy
    is private until it is published.

    Raises
    ------
    ObjectMissingError
        If there is no such object.
    ChecksumMismatchError
        If the parts of the object were not of equal length, so that the ETag cannot be kept.
    """
    found = require(store, source)
    present = head(store, target)
    if present is not None and (present.etag, present.size) == (found.etag, found.size):
        return present
    if "-" in found.etag:
        _copy_parts(store, source, target, found)
    else:
        _copy_whole(store, source, target)
    copied = require(store, target)
    if (copied.etag, copied.size) != (found.etag, found.size):
        raise ChecksumMismatchError(
            f"The copy of {source.key} in {target.bucket} has the ETag {copied.etag} instead of"
            f" {found.etag}. Try again; the original is still there."
        )
    return copied


def _copy_whole(store: ObjectStore, source: ObjectName, target: ObjectName) -> None:
    with store_errors(f"Copying {source.key}"):
        store.copy_client.copy_object(
            Bucket=target.bucket,
            Key=target.key,
            CopySource={"Bucket": source.bucket, "Key": source.key},
            MetadataDirective="COPY",
            TaggingDirective="REPLACE",
        )


def _copy_parts(
    store: ObjectStore, source: ObjectName, target: ObjectName, found: StoredObject
) -> None:
    count = int(found.etag.rpartition("-")[2])
    with (
        multipart_upload(store, target, found.content_type, found.metadata) as upload_id,
        ThreadPoolExecutor(_PARALLEL_PARTS) as pool,
    ):

        def copy(number: int) -> str:
            span = _span(found.size, count, number)
            return _copy_part(store, source, target, upload_id, number, span)

        complete_upload(store, target, upload_id, list(pool.map(copy, range(1, count + 1))))


def _span(size: int, count: int, number: int) -> str:
    length = part_length(size, count)
    return f"bytes={(number - 1) * length}-{min(number * length, size) - 1}"


def _copy_part(  # noqa: PLR0917 - six things make a part
    store: ObjectStore,
    source: ObjectName,
    target: ObjectName,
    upload_id: str,
    number: int,
    span: str,
) -> str:
    answer = store.copy_client.upload_part_copy(
        Bucket=target.bucket,
        Key=target.key,
        UploadId=upload_id,
        PartNumber=number,
        CopySource={"Bucket": source.bucket, "Key": source.key},
        CopySourceRange=span,
    )
    return answer["CopyPartResult"]["ETag"].strip('"')
