"""Running Ceph's own tools, as the account that owns the instance if need be."""

from __future__ import annotations

import subprocess
from typing import Any


class CephError(Exception):
    """The object store could not be created or does not answer; the message says why."""


def attempt(
    command: list[str], identity: dict[str, Any] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool; how it ended is for the caller to judge."""
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, **(identity or {})
    )


def run(
    command: list[str], identity: dict[str, Any] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool that must succeed.

    Parameters
    ----------
    command
        The tool and its arguments.
    identity
        Arguments of :mod:`subprocess` that make it run as another account.

    Raises
    ------
    CephError
        If it fails or does not end.
    """
    try:
        done = attempt(command, identity)
    except subprocess.TimeoutExpired as error:
        raise CephError(f"'{command[0]}' did not end within {error.timeout} s.") from error
    if done.returncode != 0:
        raise CephError(f"'{command[0]}' failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
    return done
