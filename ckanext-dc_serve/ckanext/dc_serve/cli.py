"""The command ``ckan run-jobs-dc-serve``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dcor_shared.pipeline.catching_up import Selection, select

from ckanext.dc_serve import steps
from ckanext.dc_serve.catching_up_many import Result, process_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcor_shared.pipeline.catching_up import Selected

    from ckanext.dc_serve.catching_up_many import Outcome


@click.command("run-jobs-dc-serve")
@click.option(
    "--modified-days",
    type=int,
    default=-1,
    metavar="N",
    show_default=True,
    help="Only datasets modified today or in the N days before (UTC); -1: all.",
)
@click.option("--dataset", metavar="ID|NAME", help="Only the dataset with this id or name.")
@click.option("--resource", metavar="ID", help="Only the resource with this id.")
@click.option("--override", is_flag=True, help="Condense again what is condensed already.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done; nothing is changed.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    metavar="N",
    show_default=True,
    help="Measurements at the same time. One large measurement uses all cores by itself; more "
    "help with many small ones. Each takes up to 600 MB of memory.",
)
def run_jobs_dc_serve(
    *,
    modified_days: int,
    dataset: str | None,
    resource: str | None,
    override: bool,
    dry_run: bool,
    jobs: int,
) -> None:
    """Condense the measurements that have no condensed file yet, here and now.

    A condensed file holds all scalar features of a measurement; clients read it instead of the
    original. Workers make it after every upload, so this is for what was lost or failed for good,
    and for measurements that were registered while condensing was switched off. It needs no
    worker and no queue. What is condensed already, or at this moment by a worker, is left alone:
    the command can be repeated and interrupted at any time.

    Drafts and private datasets are included. At the end there is a table of what was done; the
    exit code is 1 if anything failed, the reason is on standard error.

    \b
    What would be done, and then all of it:
        ckan run-jobs-dc-serve --dry-run
        ckan run-jobs-dc-serve
    Every night, for what was changed since yesterday:
        ckan run-jobs-dc-serve --modified-days 1
    One dataset anew, after an update of dclab:
        ckan run-jobs-dc-serve --dataset beads-2026 --override
    """  # noqa: D301 - click knows \b, and not backslash and b
    selected = select(Selection(modified_days, dataset, resource))
    outcomes = process_all(_told(selected), override=override, dry_run=dry_run, jobs=jobs)
    found = []
    with _progress(len(selected)) as bar:
        for outcome in outcomes:
            _tell(outcome)
            found.append(outcome)
            bar.update(1)
    _summarize(found)
    click.echo("Done!")
    if any(outcome.result == Result.FAILED for outcome in found):
        sys.exit(1)


def _progress(length: int) -> click._termui_impl.ProgressBar[int]:
    """A progress bar for people; nothing where the output is not a terminal."""
    hidden = not sys.stderr.isatty()
    return click.progressbar(length=length, label="Condensing", file=sys.stderr, hidden=hidden)


def _told(selected: Sequence[Selected]) -> Iterator[Selected]:
    """The same resources; says which dataset it has come to."""
    checked = None
    for one in selected:
        if one.package_id != checked:
            checked = one.package_id
            click.echo(f"Checking dataset {checked}\r", nl=False)
        yield one


def _tell(outcome: Outcome) -> None:
    if outcome.result == Result.DONE:
        click.echo(f"OK: {steps.CONDENSE.title} for {outcome.name}")
    elif outcome.result == Result.WANTED:
        click.echo(f"Would run: {steps.CONDENSE.title} for {outcome.name}")
    elif outcome.result == Result.FAILED:
        click.echo(f"{outcome.error} for {outcome.name}!", err=True)
        click.echo(outcome.details, err=True)


def _summarize(outcomes: Sequence[Outcome]) -> None:
    """A line per resource with which something was done, and the numbers."""
    rows = [
        (outcome.result, f"{outcome.seconds:.1f} s", outcome.resource_id, outcome.name)
        for outcome in outcomes
        if outcome.result != Result.LEFT
    ]
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    click.echo()
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    numbers = {result: sum(row[0] == result for row in rows) for result in Result}
    told = ", ".join(f"{number} {result}" for result, number in numbers.items() if number)
    click.echo(f"{told}, {len(outcomes) - len(rows)} left alone")
