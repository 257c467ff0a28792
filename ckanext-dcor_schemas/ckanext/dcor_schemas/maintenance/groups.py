"""Circles and collections, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model


@dataclass(frozen=True)
class Group:
    """A circle or a collection."""

    id: str
    name: str
    title: str
    is_circle: bool


_COLUMNS = "id, name, coalesce(title, '') AS title, is_organization AS is_circle"
_LIST = sa.text(f"""
SELECT {_COLUMNS} FROM "group"
WHERE state = 'active' AND is_organization = :circles ORDER BY name
""")  # noqa: S608
_FIND = sa.text(f"""
SELECT {_COLUMNS} FROM "group" WHERE :reference IN (id, name)
ORDER BY id = :reference DESC LIMIT 1
""")  # noqa: S608
#: Resources of datasets that are, or were, in a group; also of those that it owns.
_RESOURCES = sa.text("""
SELECT r.id FROM resource r JOIN package p ON p.id = r.package_id
WHERE p.owner_org = :group_id OR EXISTS (
  SELECT 1 FROM member m WHERE m.table_name = 'package' AND m.table_id = p.id
    AND m.group_id = :group_id AND (m.state = 'active' OR p.state = 'deleted'))
ORDER BY p.metadata_created, p.id, r.position, r.id
""")


def circles() -> list[Group]:
    """All circles that are not deleted, by name."""
    return _listed(circles=True)


def collections() -> list[Group]:
    """All collections that are not deleted, by name."""
    return _listed(circles=False)


def _listed(*, circles: bool) -> list[Group]:
    rows = model.Session.execute(_LIST, {"circles": circles})
    return [_group(row) for row in rows]


def find(reference: str) -> Group | None:
    """The circle or collection with this id or name, in any state."""
    row = model.Session.execute(_FIND, {"reference": reference}).first()
    return None if row is None else _group(row)


def resource_ids(group_id: str) -> list[str]:
    """Ids of the resources of all datasets in a group, deleted ones included."""
    return list(model.Session.execute(_RESOURCES, {"group_id": group_id}).scalars())


def _group(row: Any) -> Group:
    return Group(row.id, row.name, row.title, bool(row.is_circle))
