"""Time limits of steps."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dcor_shared.pipeline.reasons import StepTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `StepTimeoutError` in the block when it takes longer than `seconds`.

    It is a timer signal, so it works in the main thread, where workers run their steps; elsewhere
    there is no limit. Code that waits in a C library is interrupted when that returns; sandboxed
    readers have limits of their own.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _raise_timeout)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise_timeout(_number: int, _frame: FrameType | None) -> None:
    raise StepTimeoutError("The step took longer than its time limit.")
