"""The phases of a move; each may be repeated."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import logic, model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects import buckets, transfer
from dcor_shared.objects.copying import copy_exactly
from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.publication import publish

from ckanext.dcor_schemas.belonging import OBJECTS_MOVED
from ckanext.dcor_schemas.maintenance.calling import call
from ckanext.dcor_schemas.maintenance.moving import state
from ckanext.dcor_schemas.maintenance.moving.plan import require_rest
from ckanext.dcor_schemas.maintenance.moving.state import MoveError

if TYPE_CHECKING:
    from ckanext.dcor_schemas.maintenance.moving.plan import Copy, Plan
    from ckanext.dcor_schemas.maintenance.moving.state import Move

_LOCK = sa.text("SELECT owner_org FROM package WHERE id = :package_id FOR UPDATE")
_RESOURCE_IDS = sa.text("SELECT id FROM resource WHERE package_id = :package_id")


def copy(plan: Plan, one: Copy) -> str:
    """Copy one object and compare it, byte by byte, with what it should be; its SHA-256.

    The bytes of the copy are read once. Its ETag must be that of the source; an original must
    also have the checksum that the resource has.

    Raises
    ------
    MoveError
        If the copy has another checksum.
    dcor_shared.objects.errors.ObjectStoreError
        If something is wrong with the store or the copy.
    """
    store = object_store()
    buckets.ensure_bucket(store, plan.move.to_circle)
    copy_exactly(store, one.source, one.target)
    read = transfer.verify(store, one.target, expected_etag=one.etag)
    if one.sha256 and read.sha256 != one.sha256:
        raise MoveError(
            f"The file of {one.resource_name} has the SHA-256 {read.sha256} instead of"
            f" {one.sha256}; it was damaged before this move. Restore it, then try again."
        )
    return read.sha256


def publish_copies(plan: Plan) -> None:
    """Let everybody read the copies of a public dataset before it is switched over."""
    if plan.is_public:
        store = object_store()
        for one in plan.copies:
            publish(store, one.target)


def switch(plan: Plan, checksums: dict[str, str]) -> None:
    """Put the dataset into its new circle: owner, addresses of files and search, all or nothing.

    Parameters
    ----------
    checksums
        SHA-256 of the originals, by resource id; they are stored where one was missing.

    Raises
    ------
    MoveError
        If the dataset was changed while its files were copied.
    """
    move = plan.move
    try:
        _require_same(plan)
        require_rest(model.Package.get(move.package_id))
        _change_owner(move)
        for resource_id in plan.resource_ids:
            _rewrite(move, resource_id, checksums.get(resource_id))
        package = model.Package.get(move.package_id)
        package.metadata_modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        state.note_switch(move)
        model.Session.flush()
        if package.state != "deleted":
            logic.index_update_package({"ignore_auth": True}, move.package_id)
        model.repo.commit()
    finally:  # nothing is left to undo after the commit
        model.Session.rollback()


def _change_owner(move: Move) -> None:
    """CKAN's part of the switch, inside the open transaction."""
    context = {"ignore_auth": True, "user": "", "defer_commit": True, OBJECTS_MOVED: True}
    data = {"id": move.package_id, "organization_id": move.to_circle}
    tk.get_action("package_owner_org_update")(context, data)


def _require_same(plan: Plan) -> None:
    package_id = plan.move.package_id
    owner = model.Session.execute(_LOCK, {"package_id": package_id}).scalar()
    present = set(model.Session.execute(_RESOURCE_IDS, {"package_id": package_id}).scalars())
    if owner != plan.move.from_circle or present != set(plan.resource_ids):
        raise MoveError("The dataset was changed while its files were copied; try again.")


def _rewrite(move: Move, resource_id: str, sha256: str | None) -> None:
    """The address of a file contains the circle; a missing checksum is known by now."""
    resource = model.Session.get(model.Resource, resource_id)
    extras = dict(resource.extras or {})
    if extras.get("s3_url"):
        settings = object_store().settings
        extras["s3_url"] = object_url(settings, object_name(settings, move.to_circle, resource_id))
    if sha256 and not extras.get("sha256"):
        extras["sha256"] = sha256
    resource.extras = extras


def check(plan: Plan) -> None:
    """Read the dataset again and compare it with what it should be now.

    Raises
    ------
    MoveError
        If it is not in its new circle, or an address still points to the old one.
    """
    shown = call("package_show", id=plan.move.package_id)
    wrong = [
        resource["name"]
        for resource in shown["resources"]
        if plan.move.from_circle in (resource.get("s3_url") or "")
    ]
    if shown["owner_org"] != plan.move.to_circle or wrong:
        raise MoveError(f"The dataset is not what it should be: {', '.join(wrong) or 'circle'}.")


def clean_up(plan: Plan) -> None:
    """Remove everything of the dataset from the bucket of its old circle, and forget the move."""
    store = object_store()
    for resource_id in plan.resource_ids:
        transfer.delete_artifacts(store, plan.move.from_circle, resource_id)
    state.end(plan.move)
