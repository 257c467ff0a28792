"""The command ``ckan dcor-move-dataset-to-circle``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dcor_shared.objects.errors import ObjectStoreError

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.cli.output import Output
from ckanext.dcor_schemas.maintenance.moving import plan as plans
from ckanext.dcor_schemas.maintenance.moving import run, state
from ckanext.dcor_schemas.maintenance.moving.state import MoveError

if TYPE_CHECKING:
    from ckanext.dcor_schemas.maintenance.moving.plan import Plan


@click.command("dcor-move-dataset-to-circle")
@click.argument("dataset")
@click.argument("circle")
@options.dry_run
@options.yes
@options.as_json
@click.pass_context
def move_dataset_to_circle(
    context: click.Context,
    /,
    *,
    dataset: str,
    circle: str,
    dry_run: bool,
    assume_yes: bool,
    as_json: bool,
) -> None:
    """Move a dataset with all its files to another circle.

    DATASET and CIRCLE are ids or names. The objects of all resources (originals, condensed files,
    previews, views) are copied by the object store into the bucket of the new circle and every
    copy is read once to verify it: originals against the SHA-256 of the resource, which is computed
    if it is missing. Then owner, addresses (s3_url) and search entry are changed in one
    transaction, and the old objects are removed.

    A move that was interrupted, at whatever point, is continued by the same command; until the
    switch nothing changes for readers. Condensed files are made again afterwards, because they
    name the place of their original.

    On a terminal it asks before anything is copied. The exit code is 1 if the move could not be
    finished.
    """
    output = Output(as_json)
    with options.request_context(context):
        try:
            document = _move(dataset, circle, output, dry_run=dry_run, assume_yes=assume_yes)
        except (MoveError, ObjectStoreError) as error:
            output.finish({"moved": False}, [str(error)])
        else:
            output.finish(document)


def _move(
    dataset: str, circle: str, output: Output, *, dry_run: bool, assume_yes: bool
) -> dict[str, Any]:
    package, target = plans.dataset(dataset), plans.target_circle(circle)
    names = (package.name, target.name)
    with state.alone(package.id):
        plan = plans.make(package, target)
        if plan is None:
            output.say(f"Dataset {names[0]} is in circle {names[1]} already")
            return {"moved": False}
        _show(plan, names, output)
        if dry_run:
            return {"moved": False, **_as_json(plan)}
        output.confirm(f"Move {names[0]} to {names[1]}?", assume_yes=assume_yes)
        described = _as_json(plan)
        run.run(plan, output.say)
    output.say(f"Moved dataset {names[0]} to circle {names[1]}")
    return {"moved": True, **described}


def _show(plan: Plan, names: tuple[str, str], output: Output) -> None:
    output.say(f"Moving dataset {names[0]} from circle {plan.move.from_circle} to {names[1]}")
    if plan.move.phase is state.Phase.CLEANUP:
        output.say("The dataset was moved before; its old objects are left to be removed")
        return
    for one in plan.copies:
        output.say(f"Found {one.artifact} of {one.resource_name} ({one.size} bytes)")
    output.say(f"{len(plan.copies)} objects, {plan.size} bytes")


def _as_json(plan: Plan) -> dict[str, Any]:
    return {
        "dataset": plan.move.package_id,
        "from": plan.move.from_circle,
        "to": plan.move.to_circle,
        "phase": str(plan.move.phase),
        "objects": [
            {
                "resource": one.resource_id,
                "artifact": one.artifact,
                "size": one.size,
                "etag": one.etag,
            }
            for one in plan.copies
        ],
    }
