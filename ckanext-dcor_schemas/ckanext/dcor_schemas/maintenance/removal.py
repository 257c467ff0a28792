"""Removing orphans, with a manifest that says what was removed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.buckets import forget_buckets
from dcor_shared.objects.errors import ObjectMissingError, ObjectStoreError, store_errors
from dcor_shared.objects.store import delete, iter_objects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcor_shared.objects.store import ListedObject, ObjectStore

    from ckanext.dcor_schemas.maintenance.orphans import Orphans


@dataclass
class Removed:
    """What was removed, and what could not be.

    Attributes
    ----------
    objects, buckets
        Number of objects, names of buckets.
    failures
        What went wrong, in words.
    """

    objects: int = 0
    buckets: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def default_manifest() -> Path:
    """Where a manifest goes unless somebody says otherwise: below ``ckan.storage_path``."""
    folder = Path(tk.config.get("ckan.storage_path") or ".") / "dcor-manifests"
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return folder / f"pruned-objects-{moment}.jsonl"


def write_plan(path: Path, found: Sequence[Orphans]) -> None:
    """Write the manifest: one line per object that is about to be removed.

    Raises
    ------
    OSError
        If it cannot be written; then nothing may be removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for orphans in found:
            for item in orphans.objects:
                file.write(json.dumps(describe(item)) + "\n")


def describe(item: ListedObject) -> dict[str, Any]:
    """An object as the manifest has it."""
    return {
        "bucket": item.name.bucket,
        "key": item.name.key,
        "size": item.size,
        "etag": item.etag,
        "modified": item.modified.isoformat(),
    }


def remove(found: Sequence[Orphans], manifest: Path) -> Removed:
    """Remove orphans and note in the manifest which ones were; a failure does not stop it."""
    store, removed = object_store(), Removed()
    with manifest.open("a", encoding="utf-8") as file:
        for orphans in found:
            for item in orphans.objects:
                if _remove_object(store, item, removed):
                    entry = {"removed": item.name.key, "bucket": item.name.bucket}
                    file.write(json.dumps(entry) + "\n")
            if orphans.remove_bucket:
                _remove_bucket(store, orphans.bucket, removed)
    forget_buckets()
    return removed


def _remove_object(store: ObjectStore, item: ListedObject, removed: Removed) -> bool:
    try:
        delete(store, item.name)
    except ObjectStoreError as error:
        removed.failures.append(str(error))
        return False
    removed.objects += 1
    return True


def _remove_bucket(store: ObjectStore, bucket: str, removed: Removed) -> None:
    """Remove a bucket if nothing is left in it."""
    if next(iter_objects(store, bucket), None) is not None:
        return
    try:
        with store_errors(f"Deleting bucket {bucket}"):
            store.client.delete_bucket(Bucket=bucket)
    except ObjectMissingError:
        return
    except ObjectStoreError as error:
        removed.failures.append(str(error))
        return
    removed.buckets.append(bucket)
