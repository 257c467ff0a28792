"""Memory of processes and of everything that they start."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SECONDS = 0.02


@dataclass
class Peak:
    """The largest value seen so far.

    Attributes
    ----------
    bytes
        Memory in use; pages that several processes share are counted once (Linux' proportional
        set size), or once per process where this may not be looked at (only root may).
    processes
        Number of processes at that moment.
    """

    bytes: int = 0
    processes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def _watch(self, roots: Sequence[psutil.Process]) -> None:
        while not self._over.wait(_SECONDS):
            found = [_memory(process) for root in roots for process in _family(root)]
            if sum(found) > self.bytes:
                self.bytes, self.processes = sum(found), len(found)


@contextmanager
def watched_memory(*roots: psutil.Process) -> Iterator[Peak]:
    """Watch processes (this one by default) and their descendants during a block."""
    peak = Peak()
    with _alongside(lambda: peak._watch(roots or [psutil.Process()]), peak._over):  # noqa: SLF001
        yield peak


@contextmanager
def _alongside(work: Callable[[], None], over: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _family(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except PermissionError:
        return int(process.memory_info().rss)
    except (OSError, StopIteration, psutil.NoSuchProcess):
        return 0  # it has just ended
