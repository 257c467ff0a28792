"""What the search index and the database say about a draft that is going to grow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.lib import search
from ckan.lib.dictization import model_dictize, obj_list_dictize

from ckanext.dcor_schemas.policy import State

if TYPE_CHECKING:
    from ckan.types import Context

    from ckanext.dcor_schemas.growth.request import Growth

#: Characters in which the times of index and database have to agree, as in CKAN.
_PRECISION = 22
_RESOURCES = sa.text("SELECT id, state FROM resource WHERE package_id = :id ORDER BY position")
_GROUPS = sa.text("""
SELECT m.group_id FROM member m JOIN "group" g ON g.id = m.group_id
WHERE m.table_id = :id AND m.state = 'active' AND NOT g.is_organization
""")


@dataclass(frozen=True)
class Present:
    """A draft as it is, under its lock.

    Attributes
    ----------
    package
        The row.
    default, custom
        The dataset with CKAN's own schema of shown datasets, and with ours.
    """

    package: model.Package
    default: dict[str, Any]
    custom: dict[str, Any]


def read(context: Context, growth: Growth) -> Present | None:
    """Lock and read the draft; None if anything about it is not as usual.

    What the search index has is used only if the database agrees with it: the same time of
    modification, resources in the same order, the same circle and the same collections.
    """
    package = model.Package.get(growth.reference, for_update=True)
    if package is None or not _matches(package, growth):
        return None
    model.Session.refresh(package)  # by name CKAN gives the row as it was before the lock
    found = _from_index(package) if package.state == State.DRAFT else None
    if found is None or not _agrees(context, found, growth):
        return None
    return found


def _matches(package: model.Package, growth: Growth) -> bool:
    return growth.id in {None, package.id} and growth.name in {None, package.name}


def _from_index(package: model.Package) -> Present | None:
    try:
        entry = search.show(package.id)
    except search.SearchError:
        return None
    modified = package.metadata_modified.isoformat()[:_PRECISION]
    if entry["metadata_modified"][:_PRECISION] != modified or "validated_data_dict" not in entry:
        return None
    default, custom = json.loads(entry["data_dict"]), json.loads(entry["validated_data_dict"])
    return Present(package, default, custom)


def _agrees(context: Context, found: Present, growth: Growth) -> bool:
    """Whether the database has the same, and nothing of what is new; it is asked for ids only."""
    package_id = found.package.id
    rows = model.Session.execute(_RESOURCES, {"id": package_id}).all()
    stored = [row.id for row in rows]
    # Resources that were removed are purged by CKAN's way, so that is taken once.
    if any(row.state != "active" for row in rows) or not stored:
        return False
    if not set(growth.ids).isdisjoint(stored):
        return False
    if any(stored != [one["id"] for one in seen["resources"]] for seen in _both(found)):
        return False
    groups = set(model.Session.execute(_GROUPS, {"id": package_id}).scalars())
    if groups != {group["id"] for group in found.default["groups"]}:
        return False
    return bool(_organization(context, found.package) == found.custom["organization"])


def _both(found: Present) -> tuple[dict[str, Any], dict[str, Any]]:
    return found.default, found.custom


def _organization(context: Context, package: model.Package) -> dict[str, Any] | None:
    """The circle as CKAN shows it with a dataset."""
    table = model.group_table
    query = sa.select(table).where(table.c.id == package.owner_org, table.c.state == "active")
    rows = model.Session.execute(query).all()
    if not rows:
        return None
    (shown,) = obj_list_dictize(rows, context)
    return {key: value for key, value in shown.items() if key != "extras"}


def dictized(package_id: str, first: int, context: Context) -> list[dict[str, Any]]:
    """The stored resources from a position on, as CKAN shows them before validation."""
    table = model.resource_table
    query = sa.select(table).where(table.c.package_id == package_id, table.c.position >= first)
    rows: Any = model.Session.execute(query)
    return list(model_dictize.resource_list_dictize(rows, context))
