"""The object store and the plain things one does with single objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dcor_shared.objects import client as clients
from dcor_shared.objects.errors import ObjectMissingError, StoreUnavailableError, store_errors
from dcor_shared.objects.names import ObjectName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from mypy_boto3_s3 import S3Client

    from dcor_shared.objects.settings import StoreSettings


@dataclass(frozen=True)
class ObjectStore:
    """An object store as the application sees it; cheap, hashable, safe to share."""

    settings: StoreSettings

    @property
    def client(self) -> S3Client:
        """S3 client of the application's user."""
        return clients.client(self.settings, "application")

    @property
    def copy_client(self) -> S3Client:
        """S3 client of the application's user that waits long for copies made by the store."""
        return clients.client(self.settings, "application", clients.COPY_TIMEOUT)

    @property
    def upload_client(self) -> S3Client:
        """S3 client of the user who may only upload (the application's if there is none)."""
        return clients.client(self.settings, "uploader")


@lru_cache(maxsize=32)
def open_store(settings: StoreSettings) -> ObjectStore:
    """Store for `settings`; makes no connection."""
    return ObjectStore(settings)


@dataclass(frozen=True)
class StoredObject:
    """What the store knows of an object.

    Attributes
    ----------
    size
        Number of bytes.
    etag
        ETag without quotes: MD5 of the bytes, or ``<MD5 of the parts' MD5s>-<parts>``.
    content_type
        Media type.
    metadata
        The user metadata of the object.
    """

    size: int
    etag: str
    content_type: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListedObject:
    """An object as a listing shows it."""

    name: ObjectName
    size: int
    etag: str
    modified: datetime


def head(store: ObjectStore, name: ObjectName) -> StoredObject | None:
    """What the store knows of an object; None only if it says that there is none.

    Raises
    ------
    StoreUnavailableError, StoreRefusedError
        If the store gave no definite answer.
    """
    try:
        with store_errors(f"Looking at {name.key}"):
            answer = store.client.head_object(Bucket=name.bucket, Key=name.key)
    except ObjectMissingError:
        return None
    return StoredObject(
        size=answer["ContentLength"],
        etag=answer["ETag"].strip('"'),
        content_type=answer.get("ContentType", ""),
        metadata=answer.get("Metadata", {}),
    )


def require(store: ObjectStore, name: ObjectName) -> StoredObject:
    """Like :func:`head`, for an object that must be there.

    Raises
    ------
    ObjectMissingError
        If it is not.
    """
    if (found := head(store, name)) is None:
        raise ObjectMissingError(f"The object {name.key} is not in bucket {name.bucket}.")
    return found


def delete(store: ObjectStore, name: ObjectName) -> None:
    """Delete an object; it is no error if it or its bucket is not there."""
    try:
        with store_errors(f"Deleting {name.key}"):
            store.client.delete_object(Bucket=name.bucket, Key=name.key)
    except ObjectMissingError:
        pass


def read_range(
    store: ObjectStore, name: ObjectName, start: int, stop: int, etag: str | None = None
) -> bytes:
    """Bytes of an object from `start` (inclusive) to `stop` (exclusive).

    Parameters
    ----------
    etag
        Read only from the object with this ETag.

    Raises
    ------
    ObjectChangedError
        If the object has another ETag.
    ObjectMissingError
        If there is no such object.
    StoreUnavailableError
        If the answer was cut off.
    """
    if stop <= start:
        return b""
    condition: Any = {"IfMatch": f'"{etag}"'} if etag else {}
    with store_errors(f"Reading {name.key}"):
        answer = store.client.get_object(
            Bucket=name.bucket, Key=name.key, Range=f"bytes={start}-{stop - 1}", **condition
        )
        with answer["Body"] as body:
            data: bytes = body.read()
    if len(data) > stop - start:
        raise StoreUnavailableError(f"Reading {name.key}: the store ignores byte ranges.")
    return data


def iter_objects(store: ObjectStore, bucket: str, prefix: str = "") -> Iterator[ListedObject]:
    """Objects of a bucket, in the order of their keys; a bucket that vanishes just ends it."""
    pages = store.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    try:
        with store_errors(f"Listing {bucket}"):
            for page in pages:
                for item in page.get("Contents", []):
                    yield ListedObject(
                        ObjectName(bucket, item["Key"]),
                        item["Size"],
                        item["ETag"].strip('"'),
                        item["LastModified"],
                    )
    except ObjectMissingError:
        return
