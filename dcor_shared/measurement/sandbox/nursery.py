"""The parent's side of the zygote: start it once, ask it for children, end it."""

from __future__ import annotations

import atexit
import os
import socket
import threading
from dataclasses import dataclass

from dcor_shared.measurement.errors import SandboxUnavailableError
from dcor_shared.measurement.sandbox import parenthood


@dataclass(frozen=True)
class Child:
    """One sandboxed process: the connection to it, and to what watches it."""

    channel: socket.socket
    status: socket.socket
    pidfd: int

    def close(self) -> None:
        """Let go of the process."""
        self.channel.close()
        self.status.close()
        os.close(self.pidfd)


class _Nursery:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zygote: parenthood.Zygote | None = None

    def spawn(self) -> Child:
        for attempt in (1, 2):
            zygote = self.started()
            try:
                return _ask_for_child(zygote.control)
            except (OSError, EOFError) as error:
                problem = zygote.unavailable(
                    "No sandbox could be started for looking into the file; try again."
                )
                self.close(zygote)
                if attempt == 2:  # noqa: PLR2004 - the second and last
                    raise problem from error
        raise AssertionError

    def started(self) -> parenthood.Zygote:
        with self._lock:
            if self._zygote is None:
                self._zygote = parenthood.start()
            return self._zygote

    def close(self, only: parenthood.Zygote | None = None) -> None:
        """End the zygote, or only this one."""
        with self._lock:
            zygote = self._zygote
            if only is not None and only is not zygote:
                return
            self._zygote = None
        if zygote is not None:
            zygote.end()

    def forget(self) -> None:
        """In a forked child: the zygote belongs to the parent."""
        if self._zygote is not None:
            self._zygote.let_go()
        self.__init__()  # type: ignore[misc]

    @property
    def pid(self) -> int | None:
        return self._zygote.process.pid if self._zygote else None


def _ask_for_child(control: socket.socket) -> Child:
    channel, child_channel = socket.socketpair()
    status, zygote_status = socket.socketpair()
    try:
        with child_channel, zygote_status:
            socket.send_fds(control, [b"c"], [child_channel.fileno(), zygote_status.fileno()])
        return Child(channel, status, _receive_pidfd(status))
    except (OSError, EOFError, SandboxUnavailableError):
        channel.close()
        status.close()
        raise


def _receive_pidfd(status: socket.socket) -> int:
    status.settimeout(parenthood.START_SECONDS)
    message, descriptors, _, _ = socket.recv_fds(status, 1, 1)
    if not message:
        raise EOFError("the zygote is gone")
    if message == parenthood.NO_CHILD:
        raise SandboxUnavailableError(
            "No process could be started for looking into the file; try again."
        )
    return descriptors[0]


_nursery = _Nursery()
spawn = _nursery.spawn


def warm_up() -> None:
    """Start the zygote now, so that the first call does not wait for it."""
    _nursery.started()


def close() -> None:
    """End the zygote and with it every sandboxed process of this process."""
    _nursery.close()


def zygote_pid() -> int | None:
    """Process number of the running zygote, for status pages and tests."""
    return _nursery.pid


atexit.register(close)
os.register_at_fork(after_in_child=_nursery.forget)
