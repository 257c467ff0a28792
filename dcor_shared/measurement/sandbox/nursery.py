"""The parent's side of the zygote: start it once, ask it for children, end it."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from dcor_shared.measurement.errors import SandboxUnavailableError

_START_SECONDS = 120
#: Nothing of the parent's environment is handed on. Foreign HDF5 plugins are never loaded, and
#: one thread per process is all that tasks need.
_ENVIRONMENT = {
    "HDF5_PLUGIN_PRELOAD": "::",
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "LANG": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


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
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def spawn(self) -> Child:
        for attempt in (1, 2):
            control = self._started()
            try:
                return _ask_for_child(control)
            except (OSError, EOFError) as error:
                self.close(control)
                if attempt == 2:  # noqa: PLR2004 - the second and last
                    raise SandboxUnavailableError(
                        "No sandbox could be started for looking into the file; try again."
                    ) from error
        raise AssertionError

    def _started(self) -> socket.socket:
        with self._lock:
            if self._control is None:
                self._process, self._control = _start_zygote()
            return self._control

    def close(self, only: socket.socket | None = None) -> None:
        """End the zygote, or only the one behind this connection."""
        with self._lock:
            process, control = self._process, self._control
            if only is not None and only is not control:
                return
            self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None:
            process.kill()
            process.wait()

    def forget(self) -> None:
        """In a forked child: the zygote belongs to the parent."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0
        self.__init__()  # type: ignore[misc]

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None


def _start_zygote() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [_python(), "-I", "-m", "dcor_shared.measurement.sandbox.zygote", str(theirs.fileno())],
            env=_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    ours.settimeout(_START_SECONDS)
    with contextlib.suppress(OSError):
        if ours.recv(16) == b"ready":
            return process, ours
    ours.close()
    process.kill()
    process.wait()
    raise SandboxUnavailableError(
        "No sandbox could be started for looking into files; "
        "`python -m dcor_shared.measurement.sandbox.zygote 0` shows the reason."
    )


def _python() -> str:
    """The interpreter; in an embedding program such as uWSGI ``sys.executable`` is that program."""
    if "python" in Path(sys.executable).name:
        return sys.executable
    return str(Path(sys.prefix) / "bin" / "python")


def _ask_for_child(control: socket.socket) -> Child:
    channel, child_channel = socket.socketpair()
    status, zygote_status = socket.socketpair()
    try:
        with child_channel, zygote_status:
            socket.send_fds(control, [b"c"], [child_channel.fileno(), zygote_status.fileno()])
        return Child(channel, status, _receive_pidfd(status))
    except (OSError, EOFError):
        channel.close()
        status.close()
        raise


def _receive_pidfd(status: socket.socket) -> int:
    status.settimeout(_START_SECONDS)
    message, descriptors, _, _ = socket.recv_fds(status, 1, 1)
    if not message:
        raise EOFError("the zygote is gone")
    return descriptors[0]


_nursery = _Nursery()
spawn = _nursery.spawn


def warm_up() -> None:
    """Start the zygote now, so that the first call does not wait for it."""
    _nursery._started()  # noqa: SLF001 - same module


def close() -> None:
    """End the zygote and with it every sandboxed process of this process."""
    _nursery.close()


def zygote_pid() -> int | None:
    """Process number of the running zygote, for status pages and tests."""
    return _nursery.pid


atexit.register(close)
os.register_at_fork(after_in_child=_nursery.forget)
