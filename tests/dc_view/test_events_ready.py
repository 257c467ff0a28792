"""What reads events is there before somebody clicks the first one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from tests.harness.served import Served

_PATIENCE, _PROCESSES = 60, 2


@pytest.mark.slow
def test_every_web_process_starts_what_reads_events(served: Served) -> None:
    deadline = time.monotonic() + _PATIENCE
    while len(_parents_of_zygotes(served)) < _PROCESSES:
        assert time.monotonic() < deadline


def _parents_of_zygotes(served: Served) -> set[int]:
    web = served.program("web")
    return {
        process.pid
        for process in web.children()
        if any(".sandbox.zygote" in word for child in process.children() for word in _words(child))
    }


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        # it has just ended
        return []
