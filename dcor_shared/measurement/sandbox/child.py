"""What a sandboxed process does: confine itself, run one task, answer."""

from __future__ import annotations

import importlib
import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from dcor_shared.measurement.errors import (
    MeasurementError,
    SandboxCrashError,
    SandboxMemoryError,
)
from dcor_shared.measurement.sandbox import wire
from dcor_shared.measurement.sandbox.confinement import confine
from dcor_shared.measurement.sandbox.limits import MIB, Limits
from dcor_shared.measurement.sandbox.remote import RemoteFile

if TYPE_CHECKING:
    import socket

_REQUEST_BYTES = 16 * MIB
_LOCAL_PATH = re.compile(r"(?:/[^\s'\",:;()]+)+/")


@dataclass(frozen=True)
class Workspace:
    """What a task may touch.

    Attributes
    ----------
    source
        The remote bytes as a file, if a source was given.
    readable
        Local files that may be read.
    writable
        The local file that the result goes to, if one was asked for; it exists and is empty.
    """

    source: RemoteFile | None
    readable: tuple[Path, ...]
    writable: Path | None


def run(channel: socket.socket) -> NoReturn:
    """Receive the request, run it and end the process; never returns."""
    try:
        answer = _answer(channel)
        wire.send_document(channel, answer)
    except (MemoryError, OSError, ValueError, wire.WireError) as error:
        # the answer could not be sent: too large, or the parent is gone
        wire.send_document(channel, _failure(error))
    finally:
        os._exit(0)


def _answer(channel: socket.socket) -> dict[str, Any]:
    _, payload = wire.receive(channel, at_most=_REQUEST_BYTES)
    request = wire.decode(payload)
    workspace = _workspace(channel, request)
    module, _, function = str(request["target"]).partition(":")
    task = getattr(importlib.import_module(module), function)
    # HDF5 does not survive a failed write; the signal ends the process before, and says why
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    confine(Limits(**request["limits"]), list(workspace.readable), workspace.writable)
    try:
        return {"result": task(workspace, request["arguments"])}
    except Exception as error:  # noqa: BLE001 - carried to the parent and raised there
        return _failure(error)


def _workspace(channel: socket.socket, request: dict[str, Any]) -> Workspace:
    size = request["source_size"]
    return Workspace(
        source=None if size is None else RemoteFile(channel, size),
        readable=tuple(map(Path, request["readable"])),
        writable=Path(request["writable"]) if request["writable"] else None,
    )


def _failure(error: Exception) -> dict[str, Any]:
    named = _named(error)
    return {"error": type(named).__name__, "text": named.text, "detail": _detail(error)}


def _named(error: Exception) -> MeasurementError:
    if isinstance(error, MeasurementError):
        return error
    text = str(error)
    if isinstance(error, MemoryError) or "memory allocation failed" in text:
        return SandboxMemoryError("Looking into the file needs more memory than is allowed here.")
    return SandboxCrashError(
        f"Looking into the file failed with an unforeseen {type(error).__name__}; "
        "please report this together with the file."
    )


def _detail(error: Exception) -> str:
    """For the log of the parent; local paths are cut down to the file name."""
    cause = f", because of {error.__cause__!r}" if error.__cause__ else ""
    return _LOCAL_PATH.sub("", f"{type(error).__name__}: {error}{cause}")[:2000]
