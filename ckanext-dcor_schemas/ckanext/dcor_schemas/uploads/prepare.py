"""Looks at uploads before a transaction opens, so that it needs no object store inside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from dcor_shared.config import object_store
from dcor_shared.objects import staging

from ckanext.dcor_schemas import media_types
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dcor_shared.objects.store import ObjectStore, StoredObject

#: Objects up to this size are settled within the request; larger ones by the step ``settle``.
SETTLE_IN_REQUEST = 2**30
_PARALLEL = 8


@dataclass(frozen=True)
class Waiting:
    """An upload that a request wants to register.

    Attributes
    ----------
    resource_id, name
        The resource it shall become.
    file_size
        Announced size in bytes; None for an object that came by other ways.
    version
        Of its books; None if there are none.
    """

    resource_id: str
    name: str
    file_size: int | None
    version: str | None = None


@dataclass(frozen=True)
class Found:
    """An uploaded object and whether it is at its final key."""

    size: int
    etag: str
    settled: bool


def look_at_uploads(
    names: Mapping[str, str], circle_id: str, user_id: str, *, adopts: bool = False
) -> None:
    """Find and settle the uploads of a circle that wait for registration, and note the result.

    The object store is asked first, and only then is anything written: into the transaction that
    CKAN's action continues. That two requests do this at once is harmless: see ``settling`` for
    the objects; the noted rows are locked until the first request is over, and the second one
    then finds the resource.

    Parameters
    ----------
    names
        The names that the resources shall have, by resource id.
    circle_id
        The circle of their dataset.
    user_id
        Who wants to register them; uploads of other people are left alone.
    adopts
        Whether this is a sysadmin, who may register those of others as well, and objects that
        nobody asked to upload.
    """
    waiting = _waiting(names, circle_id, None if adopts else user_id)
    for upload, found in zip(waiting, _look_and_settle(waiting, circle_id), strict=True):
        if found is None:
            continue
        if upload.file_size is None:
            ledger.note_allowed(upload.resource_id, user_id, circle_id, found.size)
        ledger.note_found(
            upload.resource_id,
            size=found.size,
            etag=found.etag,
            settled=found.settled,
            version=upload.version,
        )


def _waiting(names: Mapping[str, str], circle_id: str, user_id: str | None) -> list[Waiting]:
    """In an order that is the same in every request, because the rows get locked."""
    known = ledger.find_uploads(names)
    uploads = [
        Waiting(upload.resource_id, names[upload.resource_id], upload.file_size, upload.version)
        for upload in known.values()
        if not upload.registered
        and upload.circle_id == circle_id
        and user_id in {None, upload.user_id}
    ]
    unknown = set(names) - set(known) if user_id is None else set()
    uploads += [Waiting(key, names[key], None) for key in unknown - _existing(unknown)]
    return sorted(uploads, key=lambda upload: upload.resource_id)


def _existing(resource_ids: Iterable[str]) -> set[str]:
    ids = list(resource_ids)
    if not ids:
        return set()
    column = model.Resource.__table__.c.id
    return set(model.Session.execute(sa.select(column).where(column.in_(ids))).scalars())


def _look_and_settle(waiting: list[Waiting], circle_id: str) -> list[Found | None]:
    if not waiting:
        return []
    store = object_store()
    with ThreadPoolExecutor(min(_PARALLEL, len(waiting))) as threads:
        return list(threads.map(lambda upload: _look_at(store, circle_id, upload), waiting))


def _look_at(store: ObjectStore, circle_id: str, upload: Waiting) -> Found | None:
    uploaded = staging.find_uploaded(store, circle_id, upload.resource_id)
    if uploaded is None:
        return None
    stored, settled = uploaded
    is_complete = upload.file_size in {None, stored.size}
    if not settled and is_complete and stored.size <= SETTLE_IN_REQUEST:
        stored = settle(store, circle_id, upload.resource_id, stored.size, upload.name)
        settled = True
    return Found(stored.size, stored.etag, settled)


def settle(
    store: ObjectStore,
    circle_id: str,
    resource_id: str,
    size: int,
    name: str,
    *,
    etag: str | None = None,
) -> StoredObject:
    """Copy a staged object to its final key; see :func:`dcor_shared.objects.settling.settle`."""
    content_type = media_types.of_object(name)
    return staging.settle(store, circle_id, resource_id, size, content_type, expected_etag=etag)
