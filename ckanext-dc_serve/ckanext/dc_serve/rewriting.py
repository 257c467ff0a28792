"""The command ``ckan dcor-rewrite-condensed-basins``: new addresses in condensed files.

Condensed files say where their original is: the site's URL, the object store and the bucket are in
them. After a move of one of these they are copied with new addresses, without reading originals.
While this goes on, the step ``condense`` of the resource is running with a lease like in any other
worker; should it fail, the step waits again and a worker condenses the original anew.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa

from dcor_shared.config import object_store, site_url
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import require
from dcor_shared.objects.transfer import download
from dcor_shared.pipeline import artifacts, claims, leases, records
from dcor_shared.pipeline.catching_up import Selected, Selection, select
from dcor_shared.pipeline.claims import LEASE, Claim
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import resource_facts
from dcor_shared.pipeline.keeper import keep_leases
from dcor_shared.pipeline.reasons import reason
from dcor_shared.pipeline.scratch import scratch_folder
from dcor_shared.pipeline.steps import ArtifactFile

from ckanext.dc_serve import steps

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.pipeline.records import Record
    from dcor_shared.pipeline.steps import ResourceFacts

_TAKE = sa.text("""
UPDATE dcor_step SET state = 'running', worker = :worker, started = clock_timestamp(),
  finished = NULL, lease_until = clock_timestamp() + make_interval(secs => :lease)
WHERE resource_id = :resource_id AND step = :step AND etag = :etag AND state = 'done'
RETURNING attempt
""")


class BusyError(Exception):
    """The measurement is being condensed, and gets the new addresses anyway."""


@click.command("dcor-rewrite-condensed-basins")
@click.option("--dataset", help="Only the dataset with this id or name.")
@click.option("--resource", help="Only the resource with this id.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def rewrite_condensed_basins(*, dataset: str | None, resource: str | None, dry_run: bool) -> None:
    """Write the present addresses of site and object store into condensed files."""
    found = select(Selection(dataset=dataset, resource=resource))
    outdated = [selected for selected in found if is_outdated(selected.resource_id)]
    for selected in outdated:
        if dry_run:
            click.echo(f"Would rewrite: {selected.name} ({selected.resource_id})")
        else:
            _rewrite(selected)
    click.echo(f"Done! {len(outdated)} of {len(found)} resources had old addresses.")


def _rewrite(selected: Selected) -> None:
    try:
        rewrite(selected.resource_id)
        click.echo(f"OK: {selected.name} ({selected.resource_id})")
    except BusyError as error:
        click.echo(f"Left alone: {selected.name} ({selected.resource_id}). {error}")
    except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
        click.echo(f"{type(error).__name__} for {selected.name}; it is condensed anew", err=True)
        click.echo(traceback.format_exc(), err=True)


def is_outdated(resource_id: str) -> bool:
    """Whether the condensed file of a resource, if there is one, holds other addresses."""
    with session() as own:
        facts, record = resource_facts(own, resource_id), records.load(own, resource_id)
    if facts is None or record is None or not record.condensed or record.etag != facts.etag:
        return False
    present = steps.request_of(facts, object_store(), site_url()).addresses
    return bool(record.condensed.get("addresses") != present)


def rewrite(resource_id: str) -> None:
    """Give the condensed file of a resource the present addresses.

    Raises
    ------
    BusyError
        If the step is not done: a worker has it, or will have it.
    Exception
        What went wrong; the step then waits to be run anew.
    """
    worker = leases.worker_name()
    with session() as own:
        facts, record = resource_facts(own, resource_id), records.load(own, resource_id)
        begun = facts and _take(own, facts, worker)
    if facts is None or record is None or not begun:
        raise BusyError("It is being condensed, or waits for it.")
    try:
        with keep_leases(worker), scratch_folder() as folder:
            condensed = _make(facts, record, folder, begun)
        with session() as own:
            if claims.finish(own, begun):
                records.merge(own, resource_id, facts.etag, {"condensed": condensed})
    except Exception as error:
        code, text, _permanent = reason(error)
        with session() as own:
            claims.fail(own, begun, code, text, permanent=False)
        raise


def _take(database: Any, facts: ResourceFacts, worker: str) -> Claim | None:
    values = {
        "resource_id": facts.id,
        "step": steps.NAME,
        "etag": facts.etag,
        "worker": worker,
        "lease": LEASE,
    }
    row = database.execute(_TAKE, values).one_or_none()
    return row and Claim(facts.id, steps.NAME, facts.etag, worker, row.attempt)


def _make(facts: ResourceFacts, record: Record, folder: Path, begun: Claim) -> dict[str, Any]:
    """Make and store the new file; what there is to know of it."""
    # measurements are looked at in workers and commands only: the web process never imports this
    from dcor_shared.measurement.condensing_rewriting import rewrite as rewrite_file

    store, original, condensed = object_store(), record.original or {}, record.condensed or {}
    name = object_name(store.settings, facts.circle_id, facts.id, "condensed")
    request = steps.request_of(facts, store, site_url())
    old, new = folder / "old.rtdc", folder / "new.rtdc"
    download(store, name, old, expected_etag=require(store, name).etag)
    changed = rewrite_file(
        old,
        new,
        request,
        features=original.get("features") or [],
        basin_keys=[basin["key"] for basin in original.get("basins") or []],
    )
    with session() as own:
        if not claims.renew(own, begun):
            raise BusyError("It took too long; somebody else condenses it by now.")
    made = ArtifactFile("condensed", new, steps.MEDIA_TYPE)
    artifacts.put(store, facts, steps.CONDENSE, made)
    return condensed | changed | steps.notes_of(request, new)
