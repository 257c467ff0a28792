"""What ``sh dcor_control/bootstrap.sh`` runs."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from dcor_control import assets
from dcor_control.bootstrap import environment, packages
from dcor_control.bootstrap.stages import VENV, run, say, stage
from dcor_control.bootstrap.turns import turn

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(command: Sequence[str]) -> None:
    """Install what is missing, then become `command`."""
    began = time.time()
    os.umask(0o022)
    # as an interruption by the keyboard does, it lets every step clean up
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        install()
    except KeyboardInterrupt:
        say("Interrupted. What was installed is there; the same command goes on from here.")
        raise SystemExit(_INTERRUPTED) from None
    signal.signal(signal.SIGTERM, before)
    if command:
        if command[0] == "dcor":
            os.environ["DCOR_STARTED"] = str(began)
        os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
        sys.stdout.flush()
        os.execvp(command[0], list(command))  # noqa: S606 - a command of the Makefile


def install() -> None:
    """Install what is missing; others who want the same wait meanwhile."""
    with turn():
        packages.install_packages()
        python = environment.create_environment()
        environment.fill_environment(python)
        build_assets()


def build_assets() -> None:
    """Build the scripts of the web pages unless they are as their sources."""
    if assets.is_outdated():
        with stage("Scripts of the web pages"):
            assets.build(run, VENV)


if __name__ == "__main__":
    main(sys.argv[1:])
