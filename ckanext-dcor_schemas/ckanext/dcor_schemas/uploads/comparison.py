"""A comparison of the objects of a dataset with the ones that were registered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.errors import (
    ChecksumMismatchError,
    ObjectChangedError,
    SizeMismatchError,
    StagedObjectMissingError,
)
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import head

from ckanext.dcor_schemas.uploads import prepare

if TYPE_CHECKING:
    from dcor_shared.objects.store import ObjectStore, StoredObject

_PARALLEL = 8


@dataclass(frozen=True)
class Registered:
    """What the database says about the object of a resource."""

    resource_id: str
    name: str
    size: int
    etag: str


def require_registered_objects(package_id: str, circle_id: str) -> None:
    """Compare size and ETag of every object of a dataset with what was registered.

    Objects that wait to be settled are settled.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If one is missing or is another one.
    """
    store, resources = object_store(), _registered(package_id)
    with ThreadPoolExecutor(_PARALLEL) as threads:
        differences = threads.map(lambda one: _difference(store, circle_id, one), resources)
        problems = [difference for difference in differences if difference]
    if problems:
        text = f"Cannot activate the dataset: {'; '.join(problems)}"
        raise tk.ValidationError({"state": [text]})


def _registered(package_id: str) -> list[Registered]:
    """The resources of a dataset that have an object, in their order."""
    table = model.Resource.__table__
    query = (
        sa.select(table.c.id, table.c.name, table.c.size, table.c.extras)
        .where(table.c.package_id == package_id, table.c.state == "active")
        .order_by(table.c.position)
    )
    rows = [(row, (row.extras or {}).get("etag")) for row in model.Session.execute(query)]
    return [Registered(row.id, row.name, row.size, etag) for row, etag in rows if etag]


def _difference(store: ObjectStore, circle_id: str, registered: Registered) -> str | None:
    """What is wrong with an object, in words."""
    found = head(store, object_name(store.settings, circle_id, registered.resource_id))
    if found is None:
        try:
            found = _settled(store, circle_id, registered)
        except StagedObjectMissingError:
            return f"the file of '{registered.name}' is not on the object store"
    if found is None or (found.size, found.etag) != (registered.size, registered.etag):
        return (
            f"the file of '{registered.name}' is not the one that was registered; remove this"
            " resource and upload it again"
        )
    return None


def _settled(store: ObjectStore, circle_id: str, registered: Registered) -> StoredObject | None:
    """The object after settling it; None if it is not the registered one."""
    try:
        return prepare.settle(
            store, circle_id, registered.resource_id, registered.size, registered.name
        )
    except (ChecksumMismatchError, ObjectChangedError, SizeMismatchError):
        return None
