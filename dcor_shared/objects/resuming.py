"""Continuing an upload: what the store has of it already, and URLs for what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.errors import ObjectMissingError, store_errors
from dcor_shared.objects.multipart import part_length, unfinished_uploads
from dcor_shared.objects.names import STAGING, object_name
from dcor_shared.objects.presign import presign_complete, presign_part
from dcor_shared.objects.staging import begin_upload, find_uploaded, part_count

if TYPE_CHECKING:
    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore


@dataclass(frozen=True)
class UploadedPart:
    """A part that the store has.

    Attributes
    ----------
    number
        Number of the part, from 1.
    size
        Number of bytes.
    etag
        MD5 of the bytes.
    """

    number: int
    size: int
    etag: str


@dataclass(frozen=True)
class Continuation:
    """How an upload goes on.

    Attributes
    ----------
    urls
        One URL per part, for PUT; None for parts that are there already.
    complete_url
        URL for completing an upload of several parts by POST; None if there is nothing to complete.
    parts
        The parts that are there already.
    etag
        ETag of the uploaded object; None as long as it is not complete.
    """

    urls: tuple[str | None, ...]
    complete_url: str | None = None
    parts: tuple[UploadedPart, ...] = ()
    etag: str | None = None


def continue_upload(
    store: ObjectStore, circle_id: str, resource_id: str, file_size: int
) -> Continuation:
    """What is missing of an upload of `file_size` bytes that was begun before.

    An upload whose parts are gone (they are removed after some days) begins anew.

    Raises
    ------
    ObjectStoreError
        If the store has a problem.
    """
    count = part_count(file_size)
    found = find_uploaded(store, circle_id, resource_id)
    if found is not None and found[0].size == file_size:
        return Continuation((None,) * count, etag=found[0].etag)
    ensure_bucket(store, circle_id)
    name = object_name(store.settings, circle_id, resource_id, STAGING)
    upload_id = _unfinished(store, name) if count > 1 else None
    if upload_id is None:
        begun = begin_upload(store, circle_id, resource_id, file_size)
        return Continuation(begun.urls, begun.complete_url)
    return _missing_parts(store, name, upload_id, file_size)


def _unfinished(store: ObjectStore, name: ObjectName) -> str | None:
    """Identifier of the latest unfinished multipart upload to this key."""
    # Filtered here, because not every store filters by prefix.
    uploads = [one for one in unfinished_uploads(store, name.bucket) if one["Key"] == name.key]
    latest = max(uploads, key=lambda one: one["Initiated"], default=None)
    return None if latest is None else latest["UploadId"]


def _missing_parts(
    store: ObjectStore, name: ObjectName, upload_id: str, file_size: int
) -> Continuation:
    count = part_count(file_size)
    length = part_length(file_size, count)
    sizes = [length] * (count - 1) + [file_size - length * (count - 1)]
    parts = {
        part.number: part
        for part in _uploaded_parts(store, name, upload_id)
        if part.number <= count and part.size == sizes[part.number - 1]
    }
    urls = (
        None if number in parts else presign_part(store, name, upload_id, number)
        for number in range(1, count + 1)
    )
    return Continuation(
        tuple(urls), presign_complete(store, name, upload_id), tuple(parts.values())
    )


def _uploaded_parts(store: ObjectStore, name: ObjectName, upload_id: str) -> list[UploadedPart]:
    pages = store.client.get_paginator("list_parts").paginate(
        Bucket=name.bucket, Key=name.key, UploadId=upload_id
    )
    try:
        with store_errors(f"Listing the parts of {name.key}"):
            found = [part for page in pages for part in page.get("Parts", [])]
    except ObjectMissingError:  # completed or aborted just now
        return []
    return [
        UploadedPart(part["PartNumber"], part["Size"], part["ETag"].strip('"')) for part in found
    ]
