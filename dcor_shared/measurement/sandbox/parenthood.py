"""Starting the zygote as a program of its own, and its last words if it dies."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dcor_shared.measurement.errors import SandboxUnavailableError
from dcor_shared.measurement.sandbox import confinement

_log = logging.getLogger(__name__)

START_SECONDS = 120
#: What the zygote says to a call for which it could fork no child.
NO_CHILD = b"n"
_LAST_BYTES = 4096
_LAST_LINES = 20
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
class Zygote:
    """A running zygote.

    Attributes
    ----------
    process
        The process.
    control
        Connection over which it is asked for children.
    errors
        What it writes to its standard error: a file without a name.
    """

    process: subprocess.Popen[bytes]
    control: socket.socket
    errors: IO[bytes]

    def end(self) -> None:
        """Kill it; every process that it has forked dies with it."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.errors.close()

    def let_go(self) -> None:
        """In a forked child, to whose parent the zygote belongs: forget it without ending it."""
        self.control.close()
        self.errors.close()
        self.process.returncode = 0

    def unavailable(self, text: str) -> SandboxUnavailableError:
        """The error for a zygote that does not do its work; its last words go to the log.

        They are a note of the error as well, which tracebacks show and readers never see.
        """
        words = self.last_words()
        _log.error("No sandbox: exit code %s; last words: %s", self.process.poll(), words)
        error = SandboxUnavailableError(text)
        error.add_note(f"Last words of the zygote: {words}")
        return error

    def last_words(self) -> str:
        """The last lines that it has written to its standard error."""
        try:
            handle = self.errors.fileno()
        except ValueError:
            return "already read"  # another thread has found it dead, and has ended it
        start = max(0, os.fstat(handle).st_size - _LAST_BYTES)
        # reading by place leaves the place alone at which the zygote writes
        lines = os.pread(handle, _LAST_BYTES, start).decode(errors="replace").splitlines()
        return "\n".join(lines[-_LAST_LINES:]) or "none"


def start() -> Zygote:
    """Start a zygote and wait until it is ready.

    Raises
    ------
    SandboxUnavailableError
        If it does not get so far, or a protection is missing that was demanded.
    """
    confinement.require_demanded()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the zygote
    with theirs:
        process = subprocess.Popen(
            [_python(), "-I", "-m", "dcor_shared.measurement.sandbox.zygote", str(theirs.fileno())],
            env=_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    zygote = Zygote(process, ours, errors)
    ours.settimeout(START_SECONDS)
    with contextlib.suppress(OSError):
        if ours.recv(16) == b"ready":
            return zygote
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(1)  # for its exit code and its last words
    problem = zygote.unavailable("No sandbox could be started for looking into files.")
    zygote.end()
    raise problem


def _python() -> str:
    """The interpreter; in an embedding program such as uWSGI ``sys.executable`` is that program."""
    if "python" in Path(sys.executable).name:
        return sys.executable
    return str(Path(sys.prefix) / "bin" / "python")
