"""The parent's side of the zygote: start it once, ask it for children, end it."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import socket
import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import SandboxUnavailableError
from dcor_shared.measurement.sandbox import parenthood

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_PROCESS = "No process could be started for looking into the file; try again."
#: What this process lacks itself, whatever the zygote does.
_SHORTAGES = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.ETOOMANYREFS}
#: Seconds in which a zygote that has closed a connection is gone, if it was about to end.
_DYING_SECONDS = 0.5


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
            with _shortages_named():
                zygote = self.started()
            try:
                return _ask_for_child(zygote.control)
            except (OSError, EOFError) as error:
                if isinstance(error, EOFError) and _is_alive(zygote):
                    # it could not take the call; others are running in it
                    if attempt == 1:
                        continue
                    raise SandboxUnavailableError(_NO_PROCESS) from error
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


def _is_alive(zygote: parenthood.Zygote) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        zygote.process.wait(_DYING_SECONDS)
    return zygote.process.poll() is None


@contextlib.contextmanager
def _shortages_named() -> Iterator[None]:
    """Tell what this process lacks from what is wrong with the zygote."""
    try:
        yield
    except OSError as error:
        if error.errno in _SHORTAGES:
            raise SandboxUnavailableError(_NO_PROCESS) from error
        raise


def _ask_for_child(control: socket.socket) -> Child:
    with _shortages_named(), contextlib.ExitStack() as kept, contextlib.ExitStack() as given:
        channel, child_channel = _pair(kept, given)
        status, zygote_status = _pair(kept, given)
        socket.send_fds(control, [b"c"], [child_channel.fileno(), zygote_status.fileno()])
        given.close()
        child = Child(channel, status, _receive_pidfd(status))
        kept.pop_all()
        return child


def _pair(
    kept: contextlib.ExitStack, given: contextlib.ExitStack
) -> tuple[socket.socket, socket.socket]:
    ours, theirs = socket.socketpair()
    return kept.enter_context(ours), given.enter_context(theirs)


def _receive_pidfd(status: socket.socket) -> int:
    status.settimeout(parenthood.START_SECONDS)
    message, descriptors, _, _ = socket.recv_fds(status, 1, 1)
    if not message:
        raise EOFError("the zygote has closed the connection")
    if message == parenthood.NO_CHILD or not descriptors:
        # without a descriptor there was no place for it here
        raise SandboxUnavailableError(_NO_PROCESS)
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
