"""Processes of an instance that outlived their supervisor (which somebody killed)."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import psutil

from dcor_control.local.supervisor import MARK

if TYPE_CHECKING:
    from dcor_control.local.layout import Layout

_PATIENCE = 10.0


def end_orphans(layout: Layout) -> list[str]:
    """End what is left of an instance whose supervisor is gone; return the names.

    Only processes that carry the mark of exactly this instance are touched. To be called only
    when the supervisor does not answer.
    """
    found = processes(layout)
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _gone, stubborn = psutil.wait_procs(found, timeout=_PATIENCE)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=_PATIENCE)
    return sorted({process.info["name"] for process in found})


def processes(layout: Layout) -> list[psutil.Process]:
    """All processes of the instance with its supervisor, the present process excepted."""
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [
        process
        for process in psutil.process_iter(["name"])
        if process.pid not in ours and _belongs(process, layout)
    ]


def _belongs(process: psutil.Process, layout: Layout) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        # These write their title over their environment, but work in their data folder.
        folder = {"postgres": layout.postgres, "redis-server": layout.redis}.get(process.name())
        if folder is not None:
            return process.cwd() == str(folder)
        return process.environ().get(MARK) == str(layout.root)
    return False
