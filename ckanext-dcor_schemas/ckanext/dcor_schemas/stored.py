"""What is stored of a dataset, read cheaply and independently of the number of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import Context


def dataset(context: Context, package: model.Package) -> dict[str, Any]:
    """The dataset as the API shows it: what CKAN has just read, else from the search index."""
    original = context.get("original_package")
    if original and original.get("id") == package.id:
        return dict(original)
    fresh: Context = {"user": context.get("user", ""), "ignore_auth": True}
    shown: dict[str, Any] = tk.get_action("package_show")(fresh, {"id": package.id})
    return shown


def resource_names(package_id: str) -> dict[str, str]:
    """Id → name of the resources of a dataset that are not deleted."""
    table = model.Resource.__table__
    query = sa.select(table.c.id, table.c.name).where(
        table.c.package_id == package_id, table.c.state != "deleted"
    )
    return {row.id: row.name for row in model.Session.execute(query)}


def existing_resource_ids(resource_ids: Iterable[str]) -> frozenset[str]:
    """Those of the ids that any dataset uses, in any state."""
    ids = [str(resource_id) for resource_id in resource_ids]
    if not ids:
        return frozenset()
    column = model.Resource.__table__.c.id
    rows = model.Session.execute(sa.select(column).where(column.in_(ids)))
    return frozenset(row.id for row in rows)


def package_of(reference: object) -> model.Package:
    """The dataset with this id or name.

    Raises
    ------
    ckan.plugins.toolkit.ObjectNotFound
        If there is none; the message repeats the id.
    """
    package = model.Package.get(str(reference)) if reference else None
    if package is None:
        raise tk.ObjectNotFound(f"Dataset '{reference}' was not found.")
    return package
