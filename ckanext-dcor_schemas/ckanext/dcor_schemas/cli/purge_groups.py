"""The command ``ckan dcor-purge-unused-collections-and-circles``."""

from __future__ import annotations

import click

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.cli.output import Output
from ckanext.dcor_schemas.maintenance import unused_groups
from ckanext.dcor_schemas.maintenance.calling import why
from ckanext.dcor_schemas.maintenance.unused_groups import JudgedGroup, Judgement

#: Judgements that the administrator hears about.
_SKIPPED = {Judgement.PARENT, Judgement.RESTORABLE}


@click.command("dcor-purge-unused-collections-and-circles")
@click.option(
    "--modified-before-months",
    type=options.AGE,
    default=24,
    show_default=True,
    help="Only groups in which nothing has happened for this number of months (of 31 days).",
)
@options.dry_run
@options.yes
@options.as_json
@click.pass_context
def purge_unused_collections_and_circles(
    context: click.Context,
    /,
    *,
    modified_before_months: float,
    dry_run: bool,
    assume_yes: bool,
    as_json: bool,
) -> None:
    """Remove circles and collections that are empty and in which nothing happens any more.

    What counts is the latest activity: a change of the group, of its members or of one of its
    datasets. A group with active datasets or with child groups stays. So does a circle with drafts
    or with deleted datasets, which can be restored: remove those first, if they are not needed
    (dcor-prune-draft-datasets).

    On a terminal it asks before anything is removed. The exit code is 1 if a group could not be
    removed; the others are removed nevertheless.
    """
    output = Output(as_json)
    judged = unused_groups.judge_all(modified_before_months)
    unused = [group for group in judged if group.judgement is Judgement.UNUSED]
    _show(judged, output)
    purged: list[JudgedGroup] = []
    failures: list[str] = []
    if unused and not dry_run:
        output.confirm(f"Remove {len(unused)} groups for good?", assume_yes=assume_yes)
        with options.request_context(context):
            purged, failures = _purge(unused)
    output.say(f"Found groups: {len(unused)}; removed: {len(purged)}")
    document = {
        "found": [_as_json(group) for group in unused],
        "skipped": [_as_json(group) for group in judged if group.judgement in _SKIPPED],
        "removed": [group.id for group in purged],
        "dry_run": dry_run,
    }
    output.finish(document, failures)


def _show(judged: list[JudgedGroup], output: Output) -> None:
    for group in judged:
        if group.judgement in _SKIPPED:
            output.say(f"Skipped {group.kind} {group.name}: {group.judgement}")
        elif group.judgement is Judgement.UNUSED:
            output.say(f"Found {group.kind} {group.name}")


def _as_json(group: JudgedGroup) -> dict[str, str]:
    return {
        "id": group.id,
        "name": group.name,
        "kind": group.kind,
        "judgement": str(group.judgement),
    }


def _purge(unused: list[JudgedGroup]) -> tuple[list[JudgedGroup], list[str]]:
    purged, failures = [], []
    for group in unused:
        try:
            unused_groups.purge(group)
        except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
            failures.append(f"{group.kind} {group.name} was not removed: {why(error)}")
        else:
            purged.append(group)
    return purged, failures
