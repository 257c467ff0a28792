"""Uploads: URLs for a staging key, and what becomes of what was put there.

A URL that was handed out stays usable for a day, so it never points to an object that readers
get: bytes land on ``upload/…`` and are settled on ``resource/…`` when they are registered.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.errors import UploadTooLargeError, store_errors
from dcor_shared.objects.multipart import abort_upload, unfinished_uploads
from dcor_shared.objects.names import STAGING, object_name
from dcor_shared.objects.presign import presign_complete, presign_part, presign_put
from dcor_shared.objects.settling import settle
from dcor_shared.objects.store import ObjectStore, StoredObject, delete, head

__all__ = [
    "MAX_PARTS",
    "PART_UNIT",
    "UploadURLs",
    "abort",
    "begin_upload",
    "find_uploaded",
    "part_count",
    "settle",
]

#: Files up to this size [bytes] are uploaded in one request, larger ones in parts of at most this.
PART_UNIT = 2**30
MAX_PARTS = 10_000


@dataclass(frozen=True)
class UploadURLs:
    """URLs for one upload.

    Attributes
    ----------
    urls
        One URL per part, to be used with PUT.
    complete_url
        URL for completing an upload of several parts with POST; None for a single part.
    """

    urls: tuple[str, ...]
    complete_url: str | None


def part_count(file_size: int) -> int:
    """Number of parts that clients cut a file of `file_size` bytes into.

    Raises
    ------
    UploadTooLargeError
        If there would be more than ``MAX_PARTS``.
    ValueError
        If `file_size` is negative.
    """
    if file_size < 0:
        raise ValueError(f"A file cannot have {file_size} bytes.")
    count = max(1, -(-file_size // PART_UNIT))
    if count > MAX_PARTS:
        raise UploadTooLargeError(
            f"A file of {file_size} bytes is too large: at most {MAX_PARTS * PART_UNIT} bytes."
        )
    return count


def begin_upload(
    store: ObjectStore, circle_id: str, resource_id: str, file_size: int
) -> UploadURLs:
    """URLs by which one file of `file_size` bytes can be uploaded for one day, and nothing else.

    The bucket is made if need be; the caller makes sure that the circle exists. A multipart
    upload is started only for files that need one.

    Raises
    ------
    UploadTooLargeError, ValueError
        See :func:`part_count`.
    """
    count = part_count(file_size)
    ensure_bucket(store, circle_id)
    name = object_name(store.settings, circle_id, resource_id, STAGING)
    if count == 1:
        return UploadURLs((presign_put(store, name),), None)
    with store_errors(f"Starting the upload of {name.key}"):
        answer = store.client.create_multipart_upload(Bucket=name.bucket, Key=name.key)
    upload = answer["UploadId"]
    urls = tuple(presign_part(store, name, upload, number) for number in range(1, count + 1))
    return UploadURLs(urls, presign_complete(store, name, upload))


def find_uploaded(
    store: ObjectStore, circle_id: str, resource_id: str
) -> tuple[StoredObject, bool] | None:
    """What was uploaded for a resource, and whether it is settled; None if nothing was."""
    if (final := head(store, object_name(store.settings, circle_id, resource_id))) is not None:
        return final, True
    staged = head(store, object_name(store.settings, circle_id, resource_id, STAGING))
    return None if staged is None else (staged, False)


def abort(store: ObjectStore, circle_id: str, resource_id: str) -> None:
    """Remove what was uploaded for a resource and not settled, finished or not.

    A claim stays until the lifecycle rule removes it: a process that is just settling the same
    upload goes by it, and must not find that something else was put in its place.
    """
    name = object_name(store.settings, circle_id, resource_id, STAGING)
    # Filtered here, because not every store filters by prefix.
    for upload in unfinished_uploads(store, name.bucket):
        if upload["Key"] == name.key:
            abort_upload(store, name.bucket, name.key, upload["UploadId"])
    delete(store, name)
