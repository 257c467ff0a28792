"""What the database says about a resource; one statement per question.

The extras of a resource are text written by others. They are taken apart here and not in SQL:
PostgreSQL refuses whole statements over JSON with an escaped NUL somewhere in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dcor_shared.pipeline.steps import ResourceFacts

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

#: Columns that `facts_from_row` needs, of ``resource r`` joined with ``package p``.
COLUMNS = (
    "r.id, r.package_id, r.name, r.mimetype, r.size, r.position, r.extras, p.owner_org,"
    " (p.state = 'active' AND NOT p.private) AS is_public"
)
#: Condition for resources that are alive.
ALIVE = "r.state = 'active' AND p.state <> 'deleted'"

_ONE = sa.text(
    f"SELECT {COLUMNS} FROM resource r JOIN package p ON p.id = r.package_id"  # noqa: S608
    f" WHERE r.id = :resource_id AND {ALIVE}"
)
_PUBLIC = sa.text(
    "SELECT r.id FROM resource r JOIN package p ON p.id = r.package_id"
    " WHERE r.id = ANY(:resource_ids) AND r.state = 'active'"
    " AND p.state = 'active' AND NOT p.private"
)
_LIVING = sa.text(
    "SELECT r.id FROM resource r JOIN package p ON p.id = r.package_id"  # noqa: S608
    f" WHERE r.id = ANY(:resource_ids) AND {ALIVE}"
)
_EXISTS = sa.text("SELECT EXISTS (SELECT 1 FROM resource WHERE id = :resource_id)")


def resource_facts(session: Session, resource_id: str) -> ResourceFacts | None:
    """Facts about a resource that can be processed, else None.

    It cannot be processed when it or its dataset is deleted, or when it has no object yet.
    """
    row = session.execute(_ONE, {"resource_id": resource_id}).one_or_none()
    return None if row is None else facts_from_row(row)


def facts_from_row(row: sa.Row[Any]) -> ResourceFacts | None:
    """Facts made of the columns `COLUMNS`; None when there is no object or no circle."""
    etag = extras_of(row.extras).get("etag")
    if not isinstance(etag, str) or not etag or not row.owner_org:
        return None
    return ResourceFacts(
        id=row.id,
        package_id=row.package_id,
        circle_id=row.owner_org,
        name=row.name or "",
        mimetype=row.mimetype,
        size=int(row.size or 0),
        etag=etag,
        position=int(row.position or 0),
        is_public=bool(row.is_public),
    )


def extras_of(text: str | None) -> dict[str, Any]:
    """The extras of a resource; anything that is no JSON object counts as none."""
    try:
        extras = json.loads(text or "{}")
    except ValueError:
        return {}
    return extras if isinstance(extras, dict) else {}


def public_ids(session: Session, resource_ids: Collection[str]) -> set[str]:
    """Those of the resources that everybody may read at this moment."""
    rows = session.execute(_PUBLIC, {"resource_ids": list(resource_ids)})
    return set(rows.scalars())


def living_ids(session: Session, resource_ids: Collection[str]) -> set[str]:
    """Those of the resources that exist and are not deleted, nor is their dataset."""
    rows = session.execute(_LIVING, {"resource_ids": list(resource_ids)})
    return set(rows.scalars())


def exists(session: Session, resource_id: str) -> bool:
    """Whether there is a row of this resource at all, be it deleted or not."""
    return bool(session.execute(_EXISTS, {"resource_id": resource_id}).scalar())
