"""One installation at a time: several `make` in one checkout wait for each other."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from dcor_control.bootstrap.stages import CHECKOUT, failure, say

if TYPE_CHECKING:
    from collections.abc import Iterator

_TURN = CHECKOUT / "var" / "bootstrap.lock"


@contextmanager
def turn() -> Iterator[None]:
    """Hold the right to install; wait, and say so, while another process has it.

    It is given back by the system, whatever becomes of this process.
    """
    _TURN.parent.mkdir(exist_ok=True)
    try:
        lock = _TURN.open("a+", encoding="utf-8")
    except PermissionError:
        raise failure(
            f"{_TURN.parent} was made by another user; work as that user, or remove it."
        ) from None
    with lock:
        _wait_for(lock)
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def _wait_for(lock: TextIO) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        say(f"… Another make installs here ({lock.read()}); this one waits until it has done so")
        fcntl.flock(lock, fcntl.LOCK_EX)
