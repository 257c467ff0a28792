"""Commands of the installation: named on the screen, logged, and ended when somebody interrupts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
LOG = CHECKOUT / "var" / "bootstrap.log"
_PATIENCE = 60


@contextmanager
def stage(title: str) -> Iterator[None]:
    """Name what is being done, and say how long it took."""
    began = time.monotonic()
    say(f"… {title}")
    yield
    say(f"✓ {title.split(':', maxsplit=1)[0]:<60} {time.monotonic() - began:6.1f} s")


def run(command: Sequence[str], env: dict[str, str] | None = None) -> None:
    """Run a command; its output goes to the log, and is shown if it fails.

    An interruption is passed on to the command, which may clean up before this returns.
    """
    with LOG.open("ab") as log:
        start = log.tell()
        with subprocess.Popen(
            command, stdout=log, stderr=log, env=os.environ | (env or {})
        ) as process:
            try:
                code = process.wait()
            finally:
                _end(process)
    if code != 0:
        tail = LOG.read_bytes()[start:].decode(errors="replace").splitlines()[-30:]
        raise failure("\n".join([f"'{command[0]}' failed ({code}):", *tail, f"(log: {LOG})"]))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command that still runs, because somebody interrupted us."""
    if process.poll() is not None:
        return
    with suppress(PermissionError):  # what sudo runs was told by the terminal
        process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        with suppress(PermissionError):
            process.kill()


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - there is nothing else before the installation


def failure(text: str) -> SystemExit:
    """Tell people what is wrong; raise the result to end."""
    print(f"Not done: {text}", file=sys.stderr)  # noqa: T201
    return SystemExit(4)
