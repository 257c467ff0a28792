"""Sandboxed processes that work on the same thing: when one fails, the others are ended."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_shared.measurement.sandbox.nursery import Child


class Together:
    """Processes that are ended together; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: list[Child] = []
        self._ended = False

    @contextlib.contextmanager
    def joined(self, child: Child) -> Iterator[None]:
        """Let a process belong to the others while the block runs."""
        with self._lock:
            self._children.append(child)
            if self._ended:
                _kill(child)
        try:
            yield
        finally:
            with self._lock:
                self._children.remove(child)

    def end(self) -> None:
        """End all processes, also those that join later."""
        with self._lock:
            self._ended = True
            for child in self._children:
                _kill(child)


def _kill(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)
