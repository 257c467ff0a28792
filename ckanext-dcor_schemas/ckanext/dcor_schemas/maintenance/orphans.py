"""Objects that belong to no resource any more, and buckets that belong to no circle.

Nothing is judged by a listing alone: objects are listed first, and the database is asked
afterwards, so a resource that is registered meanwhile is known.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from dcor_shared.config import object_store
from dcor_shared.objects.maintenance import iter_buckets
from dcor_shared.objects.names import ARTIFACTS, STAGING, bucket_name
from dcor_shared.objects.store import iter_objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dcor_shared.objects.store import ListedObject, ObjectStore

#: First parts of the keys that are ours; anything else in a bucket is left alone.
_PREFIXES = {*ARTIFACTS, STAGING}
_UUID_LENGTH = 36

_CIRCLES = sa.text("""SELECT id, state FROM "group" WHERE is_organization""")
#: Resources of datasets that are or were in a circle, in any state; with those on the move.
_RESOURCES = sa.text("""
SELECT r.id FROM resource r JOIN package p ON p.id = r.package_id
WHERE p.owner_org = :circle_id
   OR EXISTS (SELECT 1 FROM member m WHERE m.table_name = 'package' AND m.table_id = p.id
              AND m.group_id = :circle_id)
   OR EXISTS (SELECT 1 FROM dcor_move d WHERE d.package_id = p.id
              AND :circle_id IN (d.from_circle, d.to_circle))
UNION
SELECT u.resource_id FROM dcor_upload u
WHERE u.circle_id = :circle_id AND u.registered IS NULL
  AND u.created > CURRENT_TIMESTAMP - interval '1 day'
""")


@dataclass(frozen=True)
class Orphans:
    """What a search has found in one bucket.

    Attributes
    ----------
    bucket
        Its name.
    objects
        Objects that may be deleted.
    kept
        Number of objects that are too young, in use or not ours.
    remove_bucket
        Whether the bucket may be deleted, once it is empty.
    """

    bucket: str
    objects: list[ListedObject] = field(default_factory=list)
    kept: int = 0
    remove_bucket: bool = False


def search(older_than_days: float, *, keep_orphan_buckets: bool = False) -> Iterator[Orphans]:
    """Look for orphans in all buckets of active circles, then in buckets without a circle.

    Circles that are deleted, and may be restored, are skipped.

    Parameters
    ----------
    older_than_days
        Only objects that were stored more than so many days ago; -1: all.
    keep_orphan_buckets
        Skip buckets that belong to no circle in any state.
    """
    store = object_store()
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=older_than_days)
    buckets = sorted(iter_buckets(store))
    circles = {row.id: row.state for row in model.Session.execute(_CIRCLES)}
    known = {bucket_name(store.settings, circle_id): circle_id for circle_id in circles}
    for bucket in (name for name in buckets if name in known):
        if circles[known[bucket]] == "active":
            yield _of_circle(store, bucket, known[bucket], before)
    for bucket in () if keep_orphan_buckets else (name for name in buckets if name not in known):
        yield _of_nobody(store, bucket, before)


def _of_circle(store: ObjectStore, bucket: str, circle_id: str, before: dt.datetime) -> Orphans:
    listed = list(iter_objects(store, bucket))
    rows = model.Session.execute(_RESOURCES, {"circle_id": circle_id})
    in_use = frozenset(rows.scalars())
    return _sorted_out(Orphans(bucket), listed, before, in_use)


def _of_nobody(store: ObjectStore, bucket: str, before: dt.datetime) -> Orphans:
    found = Orphans(bucket, remove_bucket=True)
    return _sorted_out(found, iter_objects(store, bucket), before, None)


def _sorted_out(
    found: Orphans,
    listed: Iterable[ListedObject],
    before: dt.datetime,
    in_use: frozenset[str] | None,
) -> Orphans:
    """Put objects that may be deleted into `found`; in a bucket of nobody all of them may."""
    kept = 0
    for item in listed:
        resource_id = resource_of(item.name.key)
        orphaned = in_use is None or (resource_id is not None and resource_id not in in_use)
        if orphaned and item.modified <= before:
            found.objects.append(item)
        else:
            kept += 1
    return Orphans(found.bucket, found.objects, kept, found.remove_bucket)


def resource_of(key: str) -> str | None:
    """The resource that an object belongs to; None if the key is not one of ours.

    Beside a staged upload may lie notes about it, whose keys go on after the id.
    """
    prefix, _slash, rest = key.partition("/")
    text = rest.replace("/", "")[:_UUID_LENGTH]
    try:
        resource_id = str(uuid.UUID(text))
    except ValueError:
        return None
    return resource_id if prefix in _PREFIXES and resource_id == text else None
