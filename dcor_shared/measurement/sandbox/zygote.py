"""The process from which sandboxed processes are forked.

Importing dclab takes more than a second. The zygote does it once, then every call costs only a
fork. It never sees a file itself: it receives the two connections of a call, forks, reports how
the child ended, and ends with its parent.

When nobody has asked for a while, it forks one child in advance. That one has its own copy of the
memory that tasks change, which is the larger part of what a fork costs, before it is needed.

Run as ``python -m dcor_shared.measurement.sandbox.zygote <descriptor>``.
"""

from __future__ import annotations

import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass

from dcor_shared.measurement import tasks
from dcor_shared.measurement.sandbox import births, wire
from dcor_shared.measurement.sandbox.confinement import hardening

#: Seconds without a call after which a child is forked in advance: never while many calls come.
_QUIET_SECONDS = 0.2
#: ``mallopt``: blocks of up to 32 MiB are kept and used again, not given back and taken anew.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_MIB = 1024**2


@dataclass(frozen=True)
class _Running:
    pid: int
    pidfd: int
    status: socket.socket


def serve(control: socket.socket) -> None:
    """Fork one child per message until the parent closes the connection."""
    running: dict[int, _Running] = {}
    spare: births.Spare | None = None
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while True:
            ready = selector.select(None if spare else _QUIET_SECONDS)
            if not ready:
                spare = births.fork_in_advance()
            for key, _ in ready:
                if key.fd != control.fileno():
                    selector.unregister(key.fd)
                    _report(running.pop(key.fd))
                elif not (started := _start(control, spare)):
                    return
                else:
                    spare = None
                    running[started.pidfd] = started
                    selector.register(started.pidfd, selectors.EVENT_READ)


def _start(control: socket.socket, spare: births.Spare | None) -> _Running | None:
    message, descriptors, _, _ = socket.recv_fds(control, 16, 2)
    if not message:
        return None
    channel, status = (socket.socket(fileno=fd) for fd in descriptors)
    pid = (spare and births.handed_over(spare, channel)) or births.fork(channel)
    channel.close()
    pidfd = os.pidfd_open(pid)
    # the parent kills by descriptor: a number could by then belong to somebody else
    socket.send_fds(status, [b"p"], [pidfd])
    return _Running(pid, pidfd, status)


def _keep_memory() -> None:
    """Let the C library keep what was freed: to take memory anew costs a fault per page."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # the C library may be another one
        for option, mebibytes in ((_MMAP_THRESHOLD, 32), (_TRIM_THRESHOLD, 64), (_TOP_PAD, 16)):
            libc.mallopt(option, mebibytes * _MIB)


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
    _keep_memory()
    tasks.preload()
    hardening()
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    serve(control)


if __name__ == "__main__":
    main()
