"""Commands on the instance as a whole: ``demo``, ``start``, ``stop``, ``status``."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from dcor_control.commands.tables import text_table
from dcor_control.errors import ExitCode

#: Set by the bootstrap, so that the time for installing is part of the total.
STARTED_VARIABLE = "DCOR_STARTED"


@click.command()
@click.option(
    "--file",
    "-f",
    type=click.Path(path_type=Path),
    help="A measurement (.rtdc); without it a synthetic one of 2 000 events is used.",
)
@click.pass_obj
def demo(root: Path, file: Path | None) -> None:
    """Upload a measurement with DCOR-Aid and read it back with dclab.

    Creates and starts the instance if need be. Running it again is safe: the same file is
    uploaded once, everything else is only checked.
    """
    from dcor_control.demo.run import demonstrate
    from dcor_control.demo.stages import Stages
    from dcor_control.local.instance import layout_of, locked

    stages = Stages(started=float(os.environ.get(STARTED_VARIABLE) or time.time()))
    layout = layout_of(root)
    with locked(layout):
        demonstrate(layout, file.resolve() if file else None, stages)


@click.command()
@click.pass_obj
def start(root: Path) -> None:
    """Start the instance; it is created if there is none."""
    from dcor_control.demo.run import start as start_instance
    from dcor_control.demo.stages import Stages
    from dcor_control.local.instance import layout_of, locked

    layout, stages = layout_of(root), Stages()
    with locked(layout):
        instance = start_instance(layout, stages)
    stages.console.print(f"The site is at {instance.url}", soft_wrap=True)


@click.command()
@click.pass_obj
def stop(root: Path) -> None:
    """Stop all programs of the instance; the data stay."""
    from dcor_control.local import instance

    layout = instance.layout_of(root)
    with instance.locked(layout):
        stopped = instance.stop(layout)
    click.echo("The instance was stopped." if stopped else "The instance was not running.")


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(root: Path, *, yes: bool) -> None:
    """Remove the instance and all its data, for good."""
    from dcor_control.local import instance

    layout = instance.existing(instance.layout_of(root)).layout
    if not yes:
        click.confirm(f"Remove the instance in {layout.root} with ALL ITS DATA?", abort=True)
    with instance.locked(layout):
        instance.remove(layout)
    click.echo(f"The instance in {layout.root} was removed.")


@click.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Show the programs of the instance; exit code 4 if one does not run."""
    from dcor_control.local import instance, supervisor
    from dcor_control.local.site import read_site

    layout = instance.layout_of(ctx.obj)
    states = supervisor.states(layout)
    if not states:
        click.echo(f"No instance is running in {layout.root}; `make start` starts it.")
        ctx.exit(int(ExitCode.FAILED_CHECKS))
    rows = [
        (state.name, state.state.lower(), state.detail, supervisor.log_file(layout, state.name))
        for state in states
    ]
    click.echo(text_table(("program", "state", "process", "log"), rows))
    click.echo(f"\nThe site is at http://127.0.0.1:{read_site(layout).ports['web']}")
    click.echo(sandbox_words())
    if not all(state.is_running for state in states):
        ctx.exit(int(ExitCode.FAILED_CHECKS))


def sandbox_words() -> str:
    """What keeps hostile files in check on this machine, and what is missing."""
    from dcor_shared.measurement.sandbox import hardening, missing_protections

    if missing := missing_protections():
        words = " and ".join(missing)
        return f"Sandbox: WITHOUT {words}; hostile files need Linux 5.13 or later with {words}"
    return f"Sandbox: {', '.join(name.replace('_', ' ') for name in hardening())}"
