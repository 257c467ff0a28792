"""Forking children of the zygote, for a call and in advance."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from dcor_shared.measurement import tasks
from dcor_shared.measurement.sandbox import child

#: What a child says when it has rehearsed.
_READY = b"r"


@dataclass(frozen=True)
class Spare:
    """A child that rehearses, and then waits for its call."""

    pid: int
    control: socket.socket


def fork(channel: socket.socket) -> int:
    """Fork a child for a call; its number."""
    pid = os.fork()
    if pid == 0:
        _become_child(channel)
    return pid


def _become_child(channel: socket.socket) -> NoReturn:
    try:
        _be_named("dcor-sandbox")
        child.run(_alone_with(channel))
    finally:
        os._exit(1)


def _alone_with(connection: socket.socket) -> socket.socket:
    """The connection, after everything else that the zygote has open was closed."""
    # what libraries say about a file is nobody's last words; stdout leads to nowhere
    os.dup2(1, 2)
    kept = os.dup2(connection.detach(), 3)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    return socket.socket(fileno=kept)


def fork_in_advance() -> Spare:
    """Fork a child that waits for its call.

    Raises
    ------
    OSError
        If there are too many processes or descriptors, or too little memory.
    """
    ours, theirs = socket.socketpair()
    try:
        pid = os.fork()
    except OSError:
        ours.close()
        theirs.close()
        raise
    if pid == 0:
        _wait_for_call(theirs)
    theirs.close()
    return Spare(pid, ours)


def _wait_for_call(control: socket.socket) -> NoReturn:
    """Rehearse, then become the child of the next call; end with the zygote."""
    try:
        control = _alone_with(control)
        tasks.rehearse()
        control.send(_READY)
        _be_named("dcor-spare")
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if descriptors:
            _become_child(socket.socket(fileno=descriptors[0]))
    finally:
        os._exit(1)


def _be_named(name: str) -> None:
    """Set the name of this process, for those who look at all processes."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


def is_ready(spare: Spare) -> bool | None:
    """Whether the child has rehearsed; None if it has died, and was let go."""
    try:
        if spare.control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == _READY:
            return True
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    spare.control.close()
    _bury(spare)
    return None


def handed_over(spare: Spare, channel: socket.socket) -> int | None:
    """The number of the waiting child, after it was given its call; None if it has died."""
    with spare.control:
        try:
            socket.send_fds(spare.control, [b"c"], [channel.fileno()])
        except OSError:
            _bury(spare)
            return None
    return spare.pid


def _bury(spare: Spare) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(spare.pid, signal.SIGKILL)
    os.waitpid(spare.pid, 0)
