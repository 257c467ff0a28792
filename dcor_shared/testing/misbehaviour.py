"""Tasks that do what a hostile file would like to do, for tests of the sandbox.

Importing this module makes them known as ``misbehave-NAME``; servers never do.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.errors import NoEventsError
from dcor_shared.measurement.sandbox import wire
from dcor_shared.measurement.tasks import TASKS

if TYPE_CHECKING:
    from dcor_shared.measurement.sandbox.child import Workspace

Arguments = dict[str, Any]


def echo(_workspace: Workspace, arguments: Arguments) -> Any:
    """Give the arguments back."""
    return arguments


def spin(_workspace: Workspace, _arguments: Arguments) -> None:
    """Compute for ever."""
    while True:
        pass


def sleep(_workspace: Workspace, _arguments: Arguments) -> None:
    """Do nothing for ever."""
    while True:
        time.sleep(1)


def eat_memory(_workspace: Workspace, _arguments: Arguments) -> None:
    """Take memory until there is none."""
    eaten = []
    while True:
        eaten.append(bytes(16 * 1024**2))


def crash(_workspace: Workspace, _arguments: Arguments) -> None:
    """Read from address 0."""
    ctypes.string_at(0)


def kill_itself(_workspace: Workspace, _arguments: Arguments) -> None:
    """Die like a process that the kernel ends when memory is short."""
    signal.raise_signal(signal.SIGKILL)


def fail(_workspace: Workspace, arguments: Arguments) -> None:
    """Raise an unforeseen exception that quotes a local path."""
    raise RuntimeError(f"cannot read {arguments['path']}")


def leave(_workspace: Workspace, _arguments: Arguments) -> None:
    """Raise what is no `Exception`, as dclab does."""
    raise SystemExit("never mind")


def refuse(_workspace: Workspace, arguments: Arguments) -> None:
    """Raise an error of the house."""
    raise NoEventsError(arguments["text"])


def read_file(_workspace: Workspace, arguments: Arguments) -> str:
    """Read a local file."""
    return Path(arguments["path"]).read_text(encoding="utf-8")


def list_folder(_workspace: Workspace, arguments: Arguments) -> list[str]:
    """List a local folder."""
    return os.listdir(arguments["path"])  # noqa: PTH208 - the system call is what is tested


def write_file(_workspace: Workspace, arguments: Arguments) -> None:
    """Write a local file."""
    Path(arguments["path"]).write_text("written", encoding="utf-8")


def fill_file(workspace: Workspace, arguments: Arguments) -> int:
    """Write to the file for results."""
    assert workspace.writable is not None
    return workspace.writable.write_bytes(bytes(arguments["size"]))


def connect(_workspace: Workspace, arguments: Arguments) -> None:
    """Connect to a server on this machine."""
    with socket.create_connection(("127.0.0.1", arguments["port"]), timeout=5):
        pass


def start_program(_workspace: Workspace, _arguments: Arguments) -> int:
    """Start a program."""
    return subprocess.run(["true"], check=True).returncode


def fork(_workspace: Workspace, _arguments: Arguments) -> int:
    """Start another process."""
    if (pid := os.fork()) == 0:
        os._exit(0)
    return pid


def signal_parent(_workspace: Workspace, arguments: Arguments) -> None:
    """Send a signal to another process."""
    os.kill(arguments["pid"], signal.SIGTERM)


def trace_parent(_workspace: Workspace, arguments: Arguments) -> int:
    """Look into the memory of another process; gives the number of the error."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace(16, arguments["pid"], None, None)
    return ctypes.get_errno()


def environment(_workspace: Workspace, _arguments: Arguments) -> dict[str, str]:
    """Show the environment."""
    return dict(os.environ)


def number(_workspace: Workspace, _arguments: Arguments) -> int:
    """Show the number of the process."""
    return os.getpid()


def descriptors(_workspace: Workspace, _arguments: Arguments) -> list[int]:
    """Show the open descriptors above the standard ones."""
    found = []
    for descriptor in range(3, 64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found.append(descriptor)
    return found


def read_source(workspace: Workspace, arguments: Arguments) -> list[int]:
    """Read the source: all bytes of some ranges, summed up."""
    assert workspace.source is not None
    sums = []
    for start, stop in arguments["ranges"]:
        workspace.source.seek(start)
        sums.append(sum(workspace.source.read(stop - start) or b""))
    return sums


def shout(_workspace: Workspace, arguments: Arguments) -> str:
    """Answer with more than is allowed."""
    return "!" * int(arguments["size"])


def lie(workspace: Workspace, arguments: Arguments) -> None:
    """Send something of one's own through the connection to the parent."""
    source = workspace.source
    assert source is not None
    wire.send(source._channel, wire.DOCUMENT, arguments["text"].encode())  # noqa: SLF001
    time.sleep(60)


def ask_and_not_listen(workspace: Workspace, arguments: Arguments) -> None:
    """Ask for bytes of the source and never read the answer."""
    lie(workspace, {"text": json.dumps({"read": [0, arguments["size"]]})})


TASKS.update(
    {
        f"misbehave-{task.__name__}": f"{__name__}:{task.__name__}"
        for task in (
            echo,
            spin,
            sleep,
            eat_memory,
            crash,
            kill_itself,
            fail,
            refuse,
            read_file,
            list_folder,
            write_file,
            fill_file,
            connect,
            start_program,
            fork,
            signal_parent,
            trace_parent,
            environment,
            descriptors,
            number,
            read_source,
            shout,
            lie,
            leave,
            ask_and_not_listen,
        )
    }
)
