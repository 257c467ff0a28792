"""The command ``ckan run-jobs-dc-view``."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

import click

from dcor_shared.pipeline import catching_up
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_view import backfill, steps

if TYPE_CHECKING:
    from dcor_shared.pipeline.catching_up import Selected


@click.command("run-jobs-dc-view")
@click.option(
    "--modified-days",
    default=-1,
    show_default=True,
    help="Only datasets modified within this number of days before today; -1: all.",
)
@click.option("--force", is_flag=True, help="Make overviews again that are there already.")
def run_jobs_dc_view(*, modified_days: int, force: bool) -> None:
    """Make overviews, previews and views that are missing, here and now."""
    checked, failed = None, 0
    for selected in catching_up.select(catching_up.Selection(modified_days)):
        if selected.package_id != checked:
            checked = selected.package_id
            click.echo(f"Checking dataset {checked}\r", nl=False)
            failed += not _add_views(checked)
        failed += not _process(selected, force=force)
    click.echo("Done!")
    if failed:
        click.echo(f"{failed} failed.", err=True)
        sys.exit(1)


def _add_views(package_id: str) -> bool:
    try:
        added = backfill.add_views(package_id)
    except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
        return _complain(error, package_id)
    if added:
        click.echo(f"OK: {added} views for dataset {package_id}")
    return True


def _process(selected: Selected, *, force: bool) -> bool:
    try:
        if not catching_up.is_wanted(selected.resource_id, steps.OVERVIEW, "view", again=force):
            return True
        status = catching_up.do(selected.resource_id, steps.OVERVIEW)
    except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
        return _complain(error, selected.name)
    if status is None:
        return True
    if status.state == StepState.DONE:
        click.echo(f"OK: {steps.OVERVIEW.title} for {selected.name}")
        return True
    click.echo(f"{status.error_code} for {selected.name}!", err=True)
    click.echo(status.error_text, err=True)
    return False


def _complain(error: Exception, name: str) -> bool:
    click.echo(f"{type(error).__name__} for {name}!", err=True)
    click.echo("".join(traceback.format_exception(error)), err=True)
    return False
