"""A comparison of the objects of a dataset with the ones that were registered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects import staging
from dcor_shared.objects.errors import (
    ChecksumMismatchError,
    ObjectChangedError,
    SizeMismatchError,
    StagedObjectMissingError,
)
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import head

from ckanext.dcor_schemas import messages
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
    problems = differences(package_id, circle_id, settle=True)
    if problems:
        text = f"{messages.OTHER_FILES} ({'; '.join(problems.values())})"
        raise tk.ValidationError({"state": [text]})


def differences(package_id: str, circle_id: str, *, settle: bool = False) -> dict[str, str]:
    """What is wrong with the objects of a dataset, in words, by resource id.

    Parameters
    ----------
    settle
        Whether objects that wait to be settled are settled; otherwise they are only looked at.
    """
    store, resources = object_store(), _registered(package_id)
    compare = _difference if settle else _difference_as_it_is
    with ThreadPoolExecutor(_PARALLEL) as threads:
        found = list(threads.map(lambda one: compare(store, circle_id, one), resources))
    return {one.resource_id: text for one, text in zip(resources, found, strict=True) if text}


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
            return _missing(registered)
    return _other(found, registered)


def _difference_as_it_is(store: ObjectStore, circle_id: str, registered: Registered) -> str | None:
    """The same without changing anything."""
    uploaded = staging.find_uploaded(store, circle_id, registered.resource_id)
    return _missing(registered) if uploaded is None else _other(uploaded[0], registered)


def _missing(registered: Registered) -> str:
    return f"the file of '{registered.name}' is not on the object store"


def _other(found: StoredObject | None, registered: Registered) -> str | None:
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
            store,
            circle_id,
            registered.resource_id,
            registered.size,
            registered.name,
            etag=registered.etag,
        )
    except (ChecksumMismatchError, ObjectChangedError, SizeMismatchError):
        return None
