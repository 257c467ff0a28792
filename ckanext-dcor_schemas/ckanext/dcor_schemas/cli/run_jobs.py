"""The command ``ckan run-jobs-dcor-schemas``."""

from __future__ import annotations

import traceback

import click

from dcor_shared.pipeline.catching_up import Selected, Selection, select
from dcor_shared.pipeline.steps import StepState

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.maintenance import catching_up


@click.command("run-jobs-dcor-schemas")
@click.option(
    "--modified-days",
    type=click.IntRange(-1, 20_000),
    default=-1,
    show_default=True,
    help="Only datasets modified within this number of days before today (UTC); -1: all.",
)
@click.option("--retry-failed", is_flag=True, help="Also try steps again that have failed.")
@click.pass_context
def run_jobs_dcor_schemas(
    context: click.Context, /, *, modified_days: int, retry_failed: bool
) -> None:
    """Do here and now what is left to be done for resources: settle, describe, hash.

    The workers do this by themselves; this command is the safety net for the night. It looks at
    the present state of every resource of datasets that are not deleted, and does nothing for
    those that are complete. Whatever goes wrong is written to the standard error, and the next
    resource is processed.
    """
    with options.request_context(context):
        for selected in select(Selection(modified_days, deleted=False)):
            _process(selected, retry_failed=retry_failed)
    click.echo("Done!")


def _process(selected: Selected, *, retry_failed: bool) -> None:
    try:
        ended = catching_up.catch_up(selected, retry_failed=retry_failed)
    except Exception as error:  # noqa: BLE001 - told to the administrator; the others go on
        click.echo(f"{type(error).__name__} for {selected.name}!", err=True)
        click.echo(traceback.format_exc(), err=True)
        return
    for status in ended:
        if status.state is StepState.DONE:
            click.echo(f"OK: {status.title} for {selected.name}")
        else:
            click.echo(f"{status.error_code} for {selected.name}!", err=True)
            click.echo(f"{status.title}: {status.error_text}", err=True)
