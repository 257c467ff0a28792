"""``dcor jobs``: what the pipeline does, what failed, and how to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dcor_control.commands.tables import text_table

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_control.local.jobs import StepLine


@click.group()
def jobs() -> None:
    """Look at the steps that process measurements."""


@jobs.command("list")
@click.option("--all", "-a", "everything", is_flag=True, help="Also steps that are done.")
@click.pass_obj
def list_(root: Path, *, everything: bool) -> None:
    """Show steps that wait or run."""
    states = ("pending", "running") + (("done", "failed", "skipped") if everything else ())
    _show(_lines(root, states), "Nothing waits and nothing runs.")


@jobs.command()
@click.pass_obj
def failed(root: Path) -> None:
    """Show steps that failed, with the reason."""
    _show(_lines(root, ("failed",)), "No step has failed.")


@jobs.command()
@click.argument("resource", required=False)
@click.pass_obj
def requeue(root: Path, resource: str | None) -> None:
    """Try failed steps again: those of RESOURCE (its id), or all."""
    from dcor_control.local import instance
    from dcor_control.local.jobs import requeue as requeue_steps

    found = instance.existing(instance.layout_of(root))
    number = requeue_steps(found.database_url, resource)
    click.echo(f"{number} steps wait for another attempt.")


def _lines(root: Path, states: tuple[str, ...]) -> list[StepLine]:
    from dcor_control.local import instance
    from dcor_control.local.jobs import steps_in

    return steps_in(instance.existing(instance.layout_of(root)).database_url, states)


def _show(lines: list[StepLine], nothing: str) -> None:
    if not lines:
        click.echo(nothing)
        return
    rows = [(n.resource, n.name, n.step, n.state, n.attempt, n.reason) for n in lines]
    click.echo(text_table(("resource", "name", "step", "state", "attempt", "reason"), rows))
