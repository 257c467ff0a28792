"""The zygote has a child ready when nobody has asked for a while."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dcor_shared.testing.misbehaviour  # noqa: F401 - names its tasks
from dcor_shared.measurement import sandbox, tasks
from dcor_shared.measurement.errors import SandboxCrashError, SandboxUnavailableError
from dcor_shared.measurement.sandbox import births, conversation, nursery, wire
from tests.dcor_shared.measurement.sandbox.test_confinement import needs_landlock

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
    name = Path(f"/proc/{number}/comm")
    while name.read_text(encoding="ascii") != "dcor-spare\n":
        assert time.monotonic() < deadline, "the child does not come to the end of its rehearsal"
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


@needs_landlock
@pytest.mark.parametrize(
    ("how", "arguments"), [("read_file", {"path": "/etc/passwd"}), ("connect", {"port": 9})]
)
def test_the_waiting_child_is_confined_as_others_are(waiting, how, arguments):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        ask(how, arguments)
    assert has_ended(waiting[0]), "it was not the one that waited"


# a child that does not come so far, made by this process


@contextlib.contextmanager
def forked():
    spare = births.fork_in_advance()
    with spare.control:
        yield spare


def test_a_child_that_rehearses_gets_no_call(monkeypatch):
    monkeypatch.setattr(tasks, "rehearse", signal.pause)
    with forked() as spare:
        assert births.is_ready(spare) is False
        os.kill(spare.pid, signal.SIGKILL)
        os.waitpid(spare.pid, 0)


def test_a_child_that_fails_in_its_rehearsal_gets_no_call(monkeypatch):
    def fail():
        raise MemoryError

    monkeypatch.setattr(tasks, "rehearse", fail)
    with forked() as spare:
        select.select([spare.control], [], [], _PATIENCE)
        assert births.is_ready(spare) is None
        with pytest.raises(ChildProcessError):
            os.waitpid(spare.pid, 0)


# a machine that has no more processes

_ZYGOTE_WITHOUT_FORK = """
import errno, importlib, socket, sys
import dcor_shared.testing.misbehaviour
from dcor_shared.measurement.sandbox import zygote

def fail(*given):
    raise OSError(errno.EAGAIN, "too many processes")

module, _, name = sys.argv[2].rpartition(".")
setattr(importlib.import_module(module), name, fail)
zygote.serve(socket.socket(fileno=int(sys.argv[1])))
"""


@pytest.fixture
def control_without():
    """Starts a zygote that lacks a function; the connection to it, and its errors."""
    started = []

    def start(function):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", _ZYGOTE_WITHOUT_FORK, str(number), function],
                stderr=subprocess.PIPE,
                pass_fds=[number],
            )
        started.append((process, ours))
        return ours, process.stderr

    yield start
    for process, ours in started:
        ours.close()
        assert process.wait(_PATIENCE) == 0, "the zygote has died"
        process.stderr.close()


def test_calls_go_on_where_no_child_can_be_forked_in_advance(control_without):
    control, errors = control_without(f"{births.__name__}.fork_in_advance")
    assert b"too many processes" in errors.readline()
    child = nursery._ask_for_child(control)
    request = {"target": tasks.TASKS["misbehave-echo"], "arguments": {"a": 1}, "limits": {}}
    request |= {"readable": [], "writable": None, "source_size": None}
    wire.send_document(child.channel, request)
    _, answer = wire.receive(child.channel, at_most=4096)
    conversation.end(child)
    assert wire.decode(answer) == {"result": {"a": 1}}


@pytest.mark.parametrize("function", [f"{births.__name__}.fork", "os.pidfd_open"])
def test_a_call_that_gets_no_child_ends_no_other_one(control_without, function):
    control, _errors = control_without(function)
    for _call in range(2):
        with pytest.raises(SandboxUnavailableError, match="try again"):
            nursery._ask_for_child(control)
