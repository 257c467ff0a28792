"""What reads events is there before somebody clicks the first one."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from dcor_shared.measurement import sandbox

from ckanext.dc_view import errors, reading

if TYPE_CHECKING:
    from tests.harness.served import Served

_PATIENCE, _PROCESSES = 60, 2


@pytest.fixture
def start(monkeypatch):
    """Lets a web process begin to start what reads events, by another way."""

    def start(warm_up) -> threading.Thread:
        monkeypatch.setattr(sandbox, "warm_up", warm_up)
        thread = threading.Thread(target=reading._prepare)
        monkeypatch.setattr(reading, "_preparing", [thread])
        thread.start()
        return thread

    return start


def test_nobody_waits_for_the_start_beyond_his_time(start):
    is_over = threading.Event()
    thread = start(is_over.wait)
    with pytest.raises(errors.BusyError, match="still being started"):
        reading._await_preparation(time.monotonic() + 0.01)
    is_over.set()
    reading._await_preparation(time.monotonic() + _PATIENCE)
    assert not thread.is_alive()


def test_a_start_that_fails_is_told_to_the_operator(start, caplog):
    def fail() -> None:
        raise OSError("no more processes")

    start(fail).join()
    assert "Events cannot be read: no more processes" in caplog.text


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
