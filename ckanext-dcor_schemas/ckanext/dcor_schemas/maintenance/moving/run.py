"""A move from its beginning, or from where it was interrupted, to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import model

from ckanext.dcor_schemas.maintenance.moving import again, phases, state
from ckanext.dcor_schemas.maintenance.moving.state import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.dcor_schemas.maintenance.moving.plan import Plan


def run(plan: Plan, say: Callable[[str], None]) -> None:
    """Do what is left of a move.

    Parameters
    ----------
    plan
        See :func:`ckanext.dcor_schemas.maintenance.moving.plan.make`.
    say
        Is told about the progress.

    Raises
    ------
    MoveError, dcor_shared.objects.errors.ObjectStoreError
        If something is wrong; repeat the command when it is repaired.
    """
    if plan.move.phase is Phase.COPY:
        if state.find(plan.move.package_id) is None:
            state.begin(plan.move.package_id, plan.move.from_circle, plan.move.to_circle)
        checksums = _copy_all(plan, say)
        say("Switching the dataset to its new circle")
        phases.publish_copies(plan)
        phases.switch(plan, checksums)
    phases.check(plan)
    say("Removing the objects from the old bucket")
    phases.clean_up(plan)
    again.make_condensed_files(plan.resource_ids)


def _copy_all(plan: Plan, say: Callable[[str], None]) -> dict[str, str]:
    """Copy and verify everything; SHA-256 of the originals by resource id."""
    checksums: dict[str, str] = {}
    model.Session.commit()  # copying takes long: no transaction stays open meanwhile
    for number, one in enumerate(plan.copies, 1):
        say(f"Copying {one.artifact} of {one.resource_name} ({number} of {len(plan.copies)})")
        sha256 = phases.copy(plan, one)
        if one.artifact == "resource":
            checksums[one.resource_id] = sha256
    return checksums
