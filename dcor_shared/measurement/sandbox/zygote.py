"""The process from which sandboxed processes are forked.

Importing dclab takes more than a second. The zygote does it once, then every call costs only a
fork. It never sees a file itself: it receives the two connections of a call, forks, reports how
the child ended, and ends with its parent.

When nobody has asked for a while, it forks one child in advance. That one has its own copy of the
memory that tasks change, which is the larger part of what a fork costs, before it is needed.

Run as ``python -m dcor_shared.measurement.sandbox.zygote <descriptor>``.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import selectors
import signal
import socket
import sys
from dataclasses import dataclass

from dcor_shared.measurement import tasks
from dcor_shared.measurement.sandbox import births, wire
from dcor_shared.measurement.sandbox.confinement import hardening
from dcor_shared.measurement.sandbox.parenthood import NO_CHILD

#: Seconds without a call after which a child is forked in advance: never while many calls come.
_QUIET_SECONDS = 0.2
#: ``mallopt``: blocks of up to 32 MiB are kept and used again, not given back and taken anew.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_MIB = 1024**2
#: Descriptors that the zygote may have, where the system lets it: two for each call.
_DESCRIPTORS = 16384


@dataclass(frozen=True)
class _Running:
    pid: int
    pidfd: int
    status: socket.socket


class _Spares:
    """The child that was forked in advance, if there is one."""

    def __init__(self) -> None:
        self._spare: births.Spare | None = None
        self._is_wanted = True
        self._has_complained = False

    @property
    def seconds(self) -> float | None:
        """How long a call is waited for before one is forked in advance; None: for ever."""
        return _QUIET_SECONDS if self._is_wanted else None

    def fork(self) -> None:
        """Fork one; where that is not possible, calls do without."""
        self._is_wanted = False
        try:
            self._spare = births.fork_in_advance()
        except OSError as error:
            if not self._has_complained:
                _complain(f"No child is forked in advance: {error}")
            self._has_complained = True

    def handed_over(self, channel: socket.socket) -> int | None:
        """The number of the child that was given a call; None if none has rehearsed yet."""
        spare = self._spare
        is_ready = births.is_ready(spare) if spare else None
        if is_ready is False:
            return None
        self._spare = None
        self._is_wanted = True
        return births.handed_over(spare, channel) if spare and is_ready else None


def serve(control: socket.socket) -> None:
    """Fork one child per message until the parent closes the connection."""
    running: dict[int, _Running] = {}
    spares = _Spares()
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while True:
            ready = selector.select(spares.seconds)
            if not ready:
                spares.fork()
            for key, _ in ready:
                if key.fd != control.fileno():
                    selector.unregister(key.fd)
                    _report(running.pop(key.fd))
                    continue
                message, descriptors, _, _ = socket.recv_fds(control, 16, 2)
                if not message:
                    return
                if len(descriptors) != 2:  # noqa: PLR2004 - channel and status
                    _refuse(descriptors)
                    continue
                if started := _start(descriptors, spares):
                    running[started.pidfd] = started
                    selector.register(started.pidfd, selectors.EVENT_READ)


def _refuse(descriptors: list[int]) -> None:
    """Let a call go whose connections found no place here; its caller reads the end of them."""
    for one in descriptors:
        os.close(one)
    _complain("A call is not taken: there are too many open descriptors.")


def _start(descriptors: list[int], spares: _Spares) -> _Running | None:
    """Start the child of a call; None if that is not possible, which its caller is told."""
    channel, status = (socket.socket(fileno=fd) for fd in descriptors)
    with channel:
        try:
            pid, pidfd = _child(channel, spares)
        except OSError as error:
            _complain(f"No child is forked: {error}")
            with status, contextlib.suppress(OSError):
                status.send(NO_CHILD)
            return None
    with contextlib.suppress(OSError):  # the caller may have gone, then the child ends by itself
        # the parent kills by descriptor: a number could by then belong to somebody else
        socket.send_fds(status, [b"p"], [pidfd])
    return _Running(pid, pidfd, status)


def _child(channel: socket.socket, spares: _Spares) -> tuple[int, int]:
    """Number and descriptor of the child of a call."""
    pid = spares.handed_over(channel) or births.fork(channel)
    try:
        return pid, os.pidfd_open(pid)
    except OSError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def _complain(text: str) -> None:
    """Write to where the parent finds the last words."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _keep_memory() -> None:
    """Let the C library keep what was freed: to take memory anew costs a fault per page."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # the C library may be another one
        for option, mebibytes in ((_MMAP_THRESHOLD, 32), (_TRIM_THRESHOLD, 64), (_TOP_PAD, 16)):
            libc.mallopt(option, mebibytes * _MIB)


def _have_place() -> None:
    """Allow this process as many descriptors as it may need; tasks have a limit of their own."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _report(ended: _Running) -> None:
    os.close(ended.pidfd)
    _, status, usage = os.wait4(ended.pid, 0)
    with ended.status:
        document = {
            "exit": os.waitstatus_to_exitcode(status),
            "peak_bytes": usage.ru_maxrss * 1024,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
        }
        try:
            wire.send_document(ended.status, document)
        except OSError:
            # the caller did not wait for the end
            return


def main() -> None:
    """Import what tasks need, say so, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    _have_place()
    _keep_memory()
    tasks.preload()
    hardening()
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    serve(control)


if __name__ == "__main__":
    main()
