"""The zygote has a child ready when nobody has asked for a while."""

from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path

import pytest

import dcor_shared.testing.misbehaviour  # noqa: F401 - names its tasks
from dcor_shared.measurement import sandbox

_PATIENCE = 20


def ask(how: str, arguments=None):
    return sandbox.call(f"misbehave-{how}", arguments)


@pytest.fixture
def waiting():
    """Descriptor of the child that waits for the next call, and its number."""
    sandbox.close()
    sandbox.warm_up()
    zygote = sandbox.zygote_pid()
    children = Path(f"/proc/{zygote}/task/{zygote}/children")
    deadline = time.monotonic() + _PATIENCE
    while not (found := children.read_text(encoding="ascii").split()):
        assert time.monotonic() < deadline, "no child was forked in advance"
    (number,) = map(int, found)
    descriptor = os.pidfd_open(number)
    yield descriptor, number
    os.close(descriptor)


def has_ended(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], _PATIENCE)[0])


def test_the_waiting_child_gets_the_next_call(waiting):
    assert ask("number") == waiting[1]


@pytest.mark.usefixtures("waiting")
def test_the_waiting_child_has_nothing_else_open():
    assert ask("descriptors") == [3]


def test_a_waiting_child_that_has_died_is_replaced(waiting):
    os.kill(waiting[1], signal.SIGKILL)
    assert has_ended(waiting[0])
    assert ask("echo", {"still": "here"}) == {"still": "here"}


def test_the_waiting_child_ends_with_its_zygote(waiting):
    sandbox.close()
    assert has_ended(waiting[0])
