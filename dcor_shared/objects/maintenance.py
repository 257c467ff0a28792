"""Cleaning up what nobody finished, for stores whose lifecycle rules do not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dcor_shared.objects.errors import store_errors
from dcor_shared.objects.multipart import abort_upload, unfinished_uploads
from dcor_shared.objects.names import STAGING, bucket_name
from dcor_shared.objects.rules import FORGOTTEN_UPLOAD_DAYS, UNFINISHED_UPLOAD_DAYS
from dcor_shared.objects.store import delete, iter_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_shared.objects.store import ObjectStore


@dataclass(frozen=True)
class Pruned:
    """What was found in one bucket.

    Attributes
    ----------
    found
        Number of things old enough (aborted or deleted, unless it was a dry run).
    ignored
        Number of things too young.
    """

    found: int
    ignored: int


def iter_buckets(store: ObjectStore, *, for_circles_only: bool = True) -> Iterator[str]:
    """Names of the buckets of circles, or of everything that begins like them (backups)."""
    prefix, _, suffix = bucket_name(store.settings, "\0").partition("\0")
    with store_errors("Listing the buckets"):
        names = [bucket["Name"] for bucket in store.client.list_buckets().get("Buckets", [])]
    for name in names:
        middle = name.removeprefix(prefix).removesuffix(suffix)
        if name.startswith(prefix) and (not for_circles_only or _is_uuid(middle)):
            yield name


def prune_multipart_uploads(
    store: ObjectStore, older_than_days: float = UNFINISHED_UPLOAD_DAYS, *, dry_run: bool = False
) -> dict[str, Pruned]:
    """Abort multipart uploads that were begun more than `older_than_days` ago (-1: all).

    Returns
    -------
    dict
        What was found, by bucket.
    """
    before = _moment(older_than_days)
    return {
        bucket: _prune_uploads(store, bucket, before, dry_run=dry_run)
        for bucket in iter_buckets(store, for_circles_only=False)
    }


def prune_staged(
    store: ObjectStore, older_than_days: float = FORGOTTEN_UPLOAD_DAYS, *, dry_run: bool = False
) -> dict[str, Pruned]:
    """Delete uploads that nobody registered within `older_than_days` (-1: all).

    Returns
    -------
    dict
        What was found, by bucket.
    """
    before = _moment(older_than_days)
    result = {}
    for bucket in iter_buckets(store):
        objects = list(iter_objects(store, bucket, f"{STAGING}/"))
        old = [item.name for item in objects if item.modified <= before]
        for name in [] if dry_run else old:
            delete(store, name)
        result[bucket] = Pruned(len(old), len(objects) - len(old))
    return result


def _prune_uploads(store: ObjectStore, bucket: str, before: datetime, *, dry_run: bool) -> Pruned:
    uploads = unfinished_uploads(store, bucket)
    old = [upload for upload in uploads if upload["Initiated"] <= before]
    for upload in [] if dry_run else old:
        abort_upload(store, bucket, upload["Key"], upload["UploadId"])
    return Pruned(len(old), len(uploads) - len(old))


def _moment(older_than_days: float) -> datetime:
    """Latest time of what is old enough; the store's clock may be ahead of ours."""
    return datetime.now(UTC) - timedelta(days=older_than_days)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
