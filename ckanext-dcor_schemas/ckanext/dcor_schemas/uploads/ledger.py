"""The books of uploads in the database: no object store here, and no commit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckan import model

from ckanext.dcor_schemas.model import UploadRow

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLE = UploadRow.__table__
#: PostgreSQL knows which transaction has written a row.
_SELECT = sa.select(_TABLE, sa.literal_column("xmin::text").label("version"))
#: Uploads that were not registered within this time cannot be continued: their URLs expired.
PENDING_TIME = dt.timedelta(days=1)


@dataclass(frozen=True)
class UploadInfo:
    """What is known of an upload.

    Attributes
    ----------
    resource_id, user_id, circle_id
        For which resource, by whom and into which circle it was allowed.
    file_size
        Announced size in bytes.
    size, etag
        What was found on the object store, else None.
    settled
        Whether the object is at its final key.
    registered
        Whether a resource was made of it.
    version
        Changes whenever the books of this upload do.
    """

    resource_id: str
    user_id: str
    circle_id: str
    file_size: int
    size: int | None
    etag: str | None
    settled: bool
    registered: bool
    version: str


def find_upload(resource_id: str) -> UploadInfo | None:
    """What is known of the upload with this id, None if there never was one."""
    return find_uploads([resource_id]).get(resource_id)


def lock_upload(resource_id: str) -> UploadInfo | None:
    """What is known of an upload; nobody registers it before this transaction is over.

    If somebody is just registering it, this waits and says what came of it.
    """
    query = _SELECT.where(_TABLE.c.resource_id == resource_id).with_for_update()
    row = model.Session.execute(query).one_or_none()
    return _info(row) if row else None


def find_uploads(resource_ids: Iterable[str]) -> dict[str, UploadInfo]:
    """What is known of several uploads, by resource id."""
    ids = list(resource_ids)
    if not ids:
        return {}
    rows = model.Session.execute(_SELECT.where(_TABLE.c.resource_id.in_(ids)))
    return {row.resource_id: _info(row) for row in rows}


def _info(row: Any) -> UploadInfo:
    return UploadInfo(
        resource_id=row.resource_id,
        user_id=row.user_id,
        circle_id=row.circle_id,
        file_size=row.file_size,
        size=row.size,
        etag=row.etag,
        settled=row.settled,
        registered=row.registered is not None,
        version=row.version,
    )


def note_allowed(resource_id: str, user_id: str, circle_id: str, file_size: int) -> None:
    """Open the books of an upload; harmless if somebody else was faster."""
    values = {
        "resource_id": resource_id,
        "user_id": user_id,
        "circle_id": circle_id,
        "file_size": file_size,
    }
    model.Session.execute(insert(_TABLE).values(values).on_conflict_do_nothing())


def note_found(
    resource_id: str, *, size: int, etag: str, settled: bool, version: str | None = None
) -> None:
    """Note what was found on the object store for an upload that is not registered yet.

    With the `version` that was read before the store was asked, nothing is noted if the upload was
    cancelled (or registered) in between: what was found may be gone.
    """
    found = sa.update(_TABLE).where(
        _TABLE.c.resource_id == resource_id, _TABLE.c.registered.is_(None)
    )
    if version is not None:
        found = found.where(sa.literal_column("xmin::text") == version)
    model.Session.execute(found.values(size=size, etag=etag, settled=settled))


def note_cancelled(resource_id: str) -> None:
    """Forget what was found of an upload that is not registered: it was removed."""
    model.Session.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.resource_id == resource_id, _TABLE.c.registered.is_(None))
        .values(size=None, etag=None, settled=False)
    )


def note_registered(package_id: str) -> list[str]:
    """Close the uploads that became resources of this dataset; ids of the new resources."""
    resource = model.Resource.__table__
    ids = sa.select(resource.c.id).where(
        resource.c.package_id == package_id, resource.c.state == "active"
    )
    rows = model.Session.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.registered.is_(None), _TABLE.c.resource_id.in_(ids))
        .values(registered=sa.func.now())
        .returning(_TABLE.c.resource_id)
    )
    return [row.resource_id for row in rows]


def take_turns(user_id: str) -> None:
    """Wait until no other transaction counts and opens uploads of this user."""
    lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    model.Session.execute(lock, {"name": f"dcor_schemas_upload {user_id}"})


def count_pending(user_id: str) -> int:
    """Number of uploads that a user was allowed lately and has not registered."""
    pending = sa.select(sa.func.count()).where(
        _TABLE.c.user_id == user_id,
        _TABLE.c.registered.is_(None),
        _TABLE.c.created > sa.func.now() - PENDING_TIME,
    )
    return int(model.Session.execute(pending).scalar_one())


def is_pending(resource_id: str) -> bool:
    """Whether an upload counts as pending: it was allowed or continued lately."""
    pending = sa.select(sa.func.count()).where(
        _TABLE.c.resource_id == resource_id,
        _TABLE.c.registered.is_(None),
        _TABLE.c.created > sa.func.now() - PENDING_TIME,
    )
    return bool(model.Session.execute(pending).scalar_one())


def note_continued(resource_id: str) -> None:
    """Note that an upload that is not registered got new URLs: it is as pending as a new one."""
    model.Session.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.resource_id == resource_id, _TABLE.c.registered.is_(None))
        .values(created=sa.func.now())
    )
