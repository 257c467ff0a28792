"""The ``dcor`` command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from dcor_control.commands.instance import demo, remove, start, status, stop
from dcor_control.commands.jobs import jobs
from dcor_control.commands.worker import worker
from dcor_control.errors import ControlError

_HELP = """Run and look after a DCOR instance.

\b
A first instance, with a measurement in it:
    dcor demo --file measurement.rtdc
Later:
    dcor status          what runs, and where
    dcor stop            stop everything; data stay
    dcor start           start it again
    dcor jobs failed     measurements that could not be processed, and why

\b
Exit codes: 0 as wanted, 1 internal error, 2 wrong usage, 4 something is
wrong (the message says what), 6 another command works on the instance.
"""


class Dcor(click.Group):
    """A group of commands that tells known errors in words."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a known error ends it with its own exit code."""
        try:
            return super().invoke(ctx)
        except known_errors() as error:
            Console(stderr=True, highlight=False).print(
                f"[bold red]Not done:[/bold red] {escape(str(error))}", soft_wrap=True
            )
            ctx.exit(int(getattr(error, "exit_code", ControlError.exit_code)))


def known_errors() -> tuple[type[Exception], ...]:
    """Errors whose text is for people."""
    from dcor_control.local.ceph import CephError

    return (ControlError, CephError)


@click.group(cls=Dcor, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dcor-suite", prog_name="dcor")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="DCOR_ROOT",
    help="Folder of the instance (default: `var` in the checkout).",
)
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Run ``dcor``."""
    from dcor_control.local.layout import CHECKOUT

    ctx.obj = (root or CHECKOUT / "var").resolve()


for command in (demo, start, stop, status, remove, jobs, worker):
    main.add_command(command)
