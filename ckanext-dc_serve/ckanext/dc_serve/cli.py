"""The command ``ckan run-jobs-dc-serve``."""

from __future__ import annotations

import traceback

import click

from dcor_shared.pipeline.steps import StepState

from ckanext.dc_serve import catching_up, steps
from ckanext.dc_serve.catching_up import Selected, Selection


@click.command("run-jobs-dc-serve")
@click.option(
    "--modified-days",
    default=-1,
    show_default=True,
    help="Only datasets modified within this number of days before today; -1: all.",
)
@click.option("--dataset", help="Only the dataset with this id or name.")
@click.option("--resource", help="Only the resource with this id.")
@click.option("--override", is_flag=True, help="Condense again what is condensed already.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def run_jobs_dc_serve(
    *,
    modified_days: int,
    dataset: str | None,
    resource: str | None,
    override: bool,
    dry_run: bool,
) -> None:
    """Condense the measurements that have no condensed file yet, here and now."""
    checked = None
    for selected in catching_up.select(Selection(modified_days, dataset, resource)):
        if selected.package_id != checked:
            checked = selected.package_id
            click.echo(f"Checking dataset {checked}\r", nl=False)
        _process(selected, override=override, dry_run=dry_run)
    click.echo("Done!")


def _process(selected: Selected, *, override: bool, dry_run: bool) -> None:
    try:
        if not catching_up.is_wanted(selected.resource_id, override=override):
            return
        if dry_run:
            click.echo(f"Would run: {steps.CONDENSE.title} for {selected.name}")
            return
        _condense(selected)
    except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
        click.echo(f"{type(error).__name__} for {selected.name}!", err=True)
        click.echo(traceback.format_exc(), err=True)


def _condense(selected: Selected) -> None:
    status = catching_up.condense(selected.resource_id)
    if status is not None and status.state == StepState.DONE:
        click.echo(f"OK: {steps.CONDENSE.title} for {selected.name}")
    elif status is not None:
        click.echo(f"{status.error_code} for {selected.name}!", err=True)
        click.echo(status.error_text, err=True)
