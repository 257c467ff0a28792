"""What a sandboxed process does: confine itself, run one task, answer."""

from __future__ import annotations

import importlib
import os
import re
import signal
import socket
import struct
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
    from collections.abc import Callable

_REQUEST_BYTES = 16 * MIB
#: Longest question within a session.
_QUESTION_BYTES = MIB
_LOCAL_PATH = re.compile(r"(?:/[^\s'\",:;()]+)+/")


class Questions:
    """The questions of a session; each is answered before the next one comes.

    Parameters
    ----------
    channel
        Connection to the parent.
    idle_seconds
        The questions end when none comes for so long.
    """

    def __init__(self, channel: socket.socket, idle_seconds: float) -> None:
        self._channel = channel
        # Python's own timeouts need a system call that sandboxed processes may not use
        seconds, rest = divmod(idle_seconds, 1)
        time_span = struct.pack("@ll", int(seconds), int(rest * 1e6))
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, time_span)

    def answer_all(self, answer: Callable[[dict[str, Any]], Any]) -> None:
        """Answer every question by what `answer` returns: bytes, or a JSON value.

        An error of the measurement is an answer as well; everything else ends the session.
        """
        # before this the channel belongs to the source, which was read to open the file
        wire.send_document(self._channel, {"result": None, "open": True})
        while (question := self._next()) is not None:
            try:
                result = answer(question)
            except MeasurementError as error:
                wire.send_document(self._channel, _failure(error) | {"open": True})
                continue
            if isinstance(result, bytes):
                wire.send(self._channel, wire.BYTES, result)
            else:
                wire.send_document(self._channel, {"result": result, "open": True})

    def _next(self) -> dict[str, Any] | None:
        try:
            _, payload = wire.receive(self._channel, at_most=_QUESTION_BYTES)
        except (BlockingIOError, wire.WireClosedError):
            return None
        return dict(wire.decode(payload)["question"])


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
    questions
        In a session: what the parent asks, one after the other.
    """

    source: RemoteFile | None
    readable: tuple[Path, ...]
    writable: Path | None
    questions: Questions | None = None


def run(channel: socket.socket) -> NoReturn:
    """Receive the request, run it and end the process; never returns."""
    try:
        answer = _answer(channel)
        wire.send_document(channel, answer)
    except (MeasurementError, MemoryError, OSError, ValueError, wire.WireError) as error:
        # not confined, or the answer could not be sent: too large, or the parent is gone
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
    # carried to the parent and raised there; some errors of dclab are no `Exception`
    except BaseException as error:  # noqa: BLE001
        return _failure(error)


def _workspace(channel: socket.socket, request: dict[str, Any]) -> Workspace:
    size = request["source_size"]
    return Workspace(
        source=None if size is None else RemoteFile(channel, size),
        readable=tuple(map(Path, request["readable"])),
        writable=Path(request["writable"]) if request["writable"] else None,
        questions=Questions(channel, idle) if (idle := request.get("idle_seconds")) else None,
    )


def _failure(error: BaseException) -> dict[str, Any]:
    named = _named(error)
    return {"error": type(named).__name__, "text": named.text, "detail": _detail(error)}


def _named(error: BaseException) -> MeasurementError:
    if isinstance(error, MeasurementError):
        return error
    text = str(error)
    if isinstance(error, MemoryError) or "memory allocation failed" in text:
        return SandboxMemoryError("Looking into the file needs more memory than is allowed here.")
    return SandboxCrashError(
        f"Looking into the file failed with an unforeseen {type(error).__name__}; "
        "please report this together with the file."
    )


def _detail(error: BaseException) -> str:
    """For the log of the parent; local paths are cut down to the file name."""
    cause = f", because of {error.__cause__!r}" if error.__cause__ else ""
    return _LOCAL_PATH.sub("", f"{type(error).__name__}: {error}{cause}")[:2000]
