"""The command ``ckan dcor-prune-draft-datasets``."""

from __future__ import annotations

import click

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.cli.output import Output
from ckanext.dcor_schemas.maintenance import drafts, uploads
from ckanext.dcor_schemas.maintenance.calling import why


@click.command("dcor-prune-draft-datasets")
@click.option(
    "--older-than-days",
    type=options.AGE,
    default=21,
    show_default=True,
    help="Only drafts whose metadata were modified more than this number of days ago; -1: all.",
)
@options.dry_run
@options.yes
@options.as_json
@click.pass_context
def prune_draft_datasets(
    context: click.Context,
    /,
    *,
    older_than_days: float,
    dry_run: bool,
    assume_yes: bool,
    as_json: bool,
) -> None:
    """Remove drafts that nobody has worked on for a long time, and the books of old uploads.

    A draft is as old as the last modification of its metadata (both in UTC), not as old as its
    creation. Old drafts are deleted and purged, and their files are removed from the object store;
    this cannot be undone. Active and deleted datasets are left alone.

    What is noted about uploads (whose they are, how large) is forgotten after the same time, but
    not before a week has passed; registered resources do not need it.

    Meant to run every night. On a terminal it asks before anything is removed. The exit code is
    1 if a draft could not be removed; the others are removed nevertheless.
    """
    output = Output(as_json)
    found = drafts.find(older_than_days)
    for draft in found.drafts:
        output.say(f"Found dataset {draft.name}")
    removed: list[drafts.Draft] = []
    failures: list[str] = []
    if found.drafts and not dry_run:
        output.confirm(f"Remove {len(found.drafts)} drafts for good?", assume_yes=assume_yes)
        with options.request_context(context):
            removed, failures = _remove(found.drafts)
    old_uploads = uploads.count(older_than_days) if dry_run else uploads.forget(older_than_days)
    output.say(f"Found drafts: {len(found.drafts)}; removed: {len(removed)}")
    output.say(f"Ignored datasets: {found.ignored}")
    output.say(f"{'Found' if dry_run else 'Forgotten'} old uploads: {old_uploads}")
    document = {
        "found": [vars(draft) for draft in found.drafts],
        "removed": [draft.id for draft in removed],
        "ignored": found.ignored,
        "uploads": old_uploads,
        "dry_run": dry_run,
    }
    output.finish(document, failures)


def _remove(old: list[drafts.Draft]) -> tuple[list[drafts.Draft], list[str]]:
    removed, failures = [], []
    for draft in old:
        try:
            drafts.remove(draft)
        except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
            failures.append(f"{draft.name} was not removed: {why(error)}")
        else:
            removed.append(draft)
    return removed, failures
