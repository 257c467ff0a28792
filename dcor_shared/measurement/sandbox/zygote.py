"""The process from which sandboxed processes are forked.

Importing dclab takes more than a second. The zygote does it once, then every call costs only a
fork. It never sees a file itself: it receives the two connections of a call, forks, reports how
the child ended, and ends with its parent.

Run as ``python -m dcor_shared.measurement.sandbox.zygote <descriptor>``.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from typing import NoReturn

from dcor_shared.measurement import tasks
from dcor_shared.measurement.sandbox import child, wire
from dcor_shared.measurement.sandbox.confinement import hardening


@dataclass(frozen=True)
class _Running:
    pid: int
    pidfd: int
    status: socket.socket


def serve(control: socket.socket) -> None:
    """Fork one child per message until the parent closes the connection."""
    running: dict[int, _Running] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd != control.fileno():
                    selector.unregister(key.fd)
                    _report(running.pop(key.fd))
                elif not (started := _start(control)):
                    return
                else:
                    running[started.pidfd] = started
                    selector.register(started.pidfd, selectors.EVENT_READ)


def _start(control: socket.socket) -> _Running | None:
    message, descriptors, _, _ = socket.recv_fds(control, 16, 2)
    if not message:
        return None
    channel, status = (socket.socket(fileno=fd) for fd in descriptors)
    pid = os.fork()
    if pid == 0:
        _become_child(channel)
    channel.close()
    pidfd = os.pidfd_open(pid)
    # the parent kills by descriptor: a number could by then belong to somebody else
    socket.send_fds(status, [b"p"], [pidfd])
    return _Running(pid, pidfd, status)


def _become_child(channel: socket.socket) -> NoReturn:
    try:
        # what libraries say about a file is nobody's last words; stdout leads to nowhere
        os.dup2(1, 2)
        kept = os.dup2(channel.fileno(), 3)
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        child.run(socket.socket(fileno=kept))
    finally:
        os._exit(1)


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
    tasks.preload()
    hardening()
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    serve(control)


if __name__ == "__main__":
    main()
