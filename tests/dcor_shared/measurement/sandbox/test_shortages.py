"""What one call lacks ends no other call of the same process."""

from __future__ import annotations

import errno
import os
import resource
import socket
from pathlib import Path

import pytest

import dcor_shared.testing.misbehaviour  # noqa: F401 - names its tasks
from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import SandboxUnavailableError
from dcor_shared.measurement.sandbox import nursery, parenthood, zygote


@pytest.fixture
def running():
    """A child of the zygote that must survive; number of the zygote."""
    sandbox.warm_up()
    number = sandbox.zygote_pid()
    child = nursery.spawn()
    yield number
    child.channel.settimeout(0)
    with pytest.raises(BlockingIOError):
        child.channel.recv(1)
    child.close()
    assert sandbox.zygote_pid() == number


def fails_with(number):
    def fail(*_given):
        raise OSError(number, os.strerror(number))

    return fail


def call_fails():
    with pytest.raises(SandboxUnavailableError, match="try again"):
        nursery.spawn()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
@pytest.mark.parametrize("function", ["socketpair", "send_fds"])
@pytest.mark.usefixtures("running")
def test_a_caller_without_descriptors(monkeypatch, function, number):
    with monkeypatch.context() as patched:
        patched.setattr(socket, function, fails_with(number))
        call_fails()
    assert sandbox.call("misbehave-echo", {"a": 1}) == {"a": 1}


@pytest.mark.usefixtures("running")
def test_a_caller_without_place_for_what_watches_the_process(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(socket, "recv_fds", lambda *_given: (b"p", [], socket.MSG_CTRUNC, None))
        call_fails()


def test_a_zygote_cannot_be_started_without_descriptors(monkeypatch):
    sandbox.close()
    with monkeypatch.context() as patched:
        patched.setattr(parenthood, "start", fails_with(errno.EMFILE))
        call_fails()


@pytest.mark.parametrize("arrive", [0, 1])
@pytest.mark.usefixtures("running")
def test_a_zygote_without_place_for_a_call_goes_on(monkeypatch, arrive):
    usual = socket.send_fds

    def send(connection, messages, descriptors):
        usual(connection, messages, descriptors[:arrive])

    with monkeypatch.context() as patched:
        patched.setattr(socket, "send_fds", send)
        patched.setattr(nursery, "_DYING_SECONDS", 0.01)
        call_fails()
    assert sandbox.call("misbehave-echo", {"a": 1}) == {"a": 1}


def test_a_zygote_that_dies_is_still_replaced():
    sandbox.warm_up()
    number = sandbox.zygote_pid()
    os.kill(number, 9)
    assert sandbox.call("misbehave-echo", {"a": 1}) == {"a": 1}
    assert sandbox.zygote_pid() != number


def test_the_zygote_may_have_many_descriptors():
    sandbox.warm_up()
    text = Path(f"/proc/{sandbox.zygote_pid()}/limits").read_text(encoding="ascii")
    (line,) = (one for one in text.splitlines() if one.startswith("Max open files"))
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = zygote._DESCRIPTORS if hard < 0 else min(hard, zygote._DESCRIPTORS)
    assert int(line.split()[3]) >= wanted
