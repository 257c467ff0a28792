"""The command ``ckan dcor-prune-orphaned-s3-artifacts``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dcor_shared.objects.errors import ObjectStoreError

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.cli.output import Output
from ckanext.dcor_schemas.maintenance import orphans, removal

if TYPE_CHECKING:
    from ckanext.dcor_schemas.maintenance.orphans import Orphans


@click.command("dcor-prune-orphaned-s3-artifacts")
@click.option(
    "--older-than-days",
    type=options.AGE,
    default=21,
    show_default=True,
    help="Only objects that were stored more than this number of days ago; -1: all.",
)
@click.option(
    "--keep-orphan-buckets", is_flag=True, help="Leave buckets alone that belong to no circle."
)
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the list of removed objects (default: a new one below ckan.storage_path).",
)
@options.dry_run
@options.yes
@options.as_json
def prune_orphaned_s3_artifacts(
    *,
    older_than_days: float,
    keep_orphan_buckets: bool,
    manifest: Path | None,
    dry_run: bool,
    assume_yes: bool,
    as_json: bool,
) -> None:
    """Remove objects from the object store that belong to no resource any more.

    Searched are the buckets of all active circles: an object is an orphan if its resource is not
    in the database, in no dataset that is or was in the circle, be it a draft or deleted. Then
    the buckets that belong to no circle in any state: they are emptied and removed. The age limit
    holds everywhere. Buckets of deleted circles are never touched, as circles can be restored;
    neither are uploads that were allowed within the last day.

    Run this only if the database is complete and up to date, never straight after restoring an
    older backup: whatever the database does not know is lost. It always asks, unless --yes is
    given. A manifest (JSON lines) lists every object before it is removed, and again once it was.
    The exit code is 1 if something could not be removed.
    """
    output = Output(as_json)
    try:
        found = list(orphans.search(older_than_days, keep_orphan_buckets=keep_orphan_buckets))
    except ObjectStoreError as error:
        output.fail(str(error))
    number = _show(found, output)
    removed, path = removal.Removed(), None
    if not dry_run and any(one.objects or one.remove_bucket for one in found):
        output.confirm(f"Remove {number} objects for good?", assume_yes=assume_yes, always=True)
        path = manifest or removal.default_manifest()
        removed = _remove(found, path, output)
        output.say(f"The manifest is {path}")
    output.say(f"Found objects: {number}; removed: {removed.objects}")
    output.say(f"Removed buckets: {len(removed.buckets)}")
    document = {
        "objects": [removal.describe(item) for one in found for item in one.objects],
        "removed_objects": removed.objects,
        "removed_buckets": removed.buckets,
        "manifest": path,
        "dry_run": dry_run,
    }
    output.finish(document, removed.failures)


def _show(found: list[Orphans], output: Output) -> int:
    for one in found:
        if one.remove_bucket:
            output.say(f"Found bucket {one.bucket}")
        for item in one.objects:
            output.say(f"Found object {one.bucket}:{item.name.key}")
    return sum(len(one.objects) for one in found)


def _remove(found: list[Orphans], path: Path, output: Output) -> removal.Removed:
    try:
        removal.write_plan(path, found)
    except OSError as error:
        output.fail(f"The manifest cannot be written, so nothing was removed: {error}")
    return removal.remove(found, path)
