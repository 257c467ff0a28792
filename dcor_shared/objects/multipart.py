"""Multipart uploads made by the application: nothing stays behind when one fails."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dcor_shared.objects.errors import ObjectMissingError, store_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_s3.type_defs import MultipartUploadTypeDef

    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore


def combined_etag(etags: Sequence[str]) -> str:
    """ETag of the object that parts with these ETags make."""
    digests = b"".join(bytes.fromhex(etag) for etag in etags)
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(etags)}"


class ETagHash:
    """ETag of bytes that arrive one after the other.

    Parameters
    ----------
    part_size
        Length of all parts but the last one [bytes]; None for an object without parts.
    """

    def __init__(self, part_size: int | None) -> None:
        self._part_size = part_size
        self._left = part_size or 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._parts: list[str] = []

    @classmethod
    def like(cls, etag: str, size: int) -> ETagHash:
        """Hash for an object of `size` bytes in as many equal parts as `etag` tells."""
        _, dash, count = etag.rpartition("-")
        return cls(part_length(size, int(count)) if dash else None)

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        view = memoryview(data)
        while self._part_size and len(view) >= self._left:
            self._md5.update(view[: self._left])
            view = view[self._left :]
            self._finish_part()
        self._md5.update(view)
        self._left -= len(view)

    def etag(self) -> str:
        """ETag of all bytes; to be called once, at the end."""
        if self._part_size is None:
            return self._md5.hexdigest()
        if self._left < self._part_size:
            self._finish_part()
        return combined_etag(self._parts)

    def _finish_part(self) -> None:
        self._parts.append(self._md5.hexdigest())
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._left = self._part_size or 0


def part_length(size: int, count: int) -> int:
    """Length of all parts but the last one [bytes], as all clients cut files."""
    return -(-size // count)


@contextmanager
def multipart_upload(
    store: ObjectStore, name: ObjectName, content_type: str, metadata: Mapping[str, str]
) -> Iterator[str]:
    """Identifier of a new multipart upload, which is aborted unless the context ends well."""
    with store_errors(f"Storing {name.key}"):
        upload_id = store.client.create_multipart_upload(
            Bucket=name.bucket, Key=name.key, ContentType=content_type, Metadata=metadata
        )["UploadId"]
        ended_well = False
        try:
            yield upload_id
            ended_well = True
        finally:
            if not ended_well:
                abort_upload(store, name.bucket, name.key, upload_id)


def complete_upload(
    store: ObjectStore, name: ObjectName, upload_id: str, etags: Sequence[str]
) -> None:
    """Make an object of all parts, which have these ETags."""
    store.copy_client.complete_multipart_upload(
        Bucket=name.bucket,
        Key=name.key,
        UploadId=upload_id,
        MultipartUpload={
            "Parts": [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, 1)]
        },
    )


def unfinished_uploads(store: ObjectStore, bucket: str) -> list[MultipartUploadTypeDef]:
    """Multipart uploads of a bucket that were neither completed nor aborted."""
    pages = store.client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket)
    try:
        with store_errors(f"Listing unfinished uploads of {bucket}"):
            return [upload for page in pages for upload in page.get("Uploads", [])]
    except ObjectMissingError:
        return []


def abort_upload(store: ObjectStore, bucket: str, key: str, upload_id: str) -> None:
    """Abort a multipart upload; it is no error if it is not there."""
    try:
        with store_errors(f"Aborting the upload of {key}"):
            store.client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)
    except ObjectMissingError:
        pass
