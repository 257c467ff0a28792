"""Memory of this process and of all processes that it started."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 0.02


@dataclass
class Peak:
    """The largest values seen so far.

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

    def watch(self) -> None:
        """Look again and again until it is over."""
        while not self._over.wait(_SECONDS):
            found = [_memory(process) for process in _family()]
            if sum(found) > self.bytes:
                self.bytes, self.processes = sum(found), len(found)

    def end(self) -> None:
        """Stop watching."""
        self._over.set()


@contextmanager
def watched() -> Iterator[Peak]:
    """Watch the memory during a block."""
    peak = Peak()
    thread = threading.Thread(target=peak.watch)
    thread.start()
    try:
        yield peak
    finally:
        peak.end()
        thread.join()


def _family() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def _memory(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except PermissionError:
        return int(process.memory_info().rss)
    except (OSError, StopIteration, psutil.NoSuchProcess):
        return 0  # it has just ended
