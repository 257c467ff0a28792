"""Running one task in a sandboxed process."""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.errors import (
    MeasurementError,
    SandboxCrashError,
    SandboxFileSizeError,
    SandboxSourceError,
    SandboxTimeoutError,
)
from dcor_shared.measurement.sandbox import nursery, wire
from dcor_shared.measurement.sandbox.limits import Limits
from dcor_shared.measurement.sandbox.remote import LONGEST
from dcor_shared.measurement.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dcor_shared.measurement.sandbox.nursery import Child
    from dcor_shared.measurement.sources import ByteSource

_log = logging.getLogger(__name__)
_END_SECONDS = 5


def call(
    task: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    limits: Limits | None = None,
    source: ByteSource | None = None,
    readable: Sequence[Path] = (),
    writable: Path | None = None,
) -> Any:
    """Run a task in a process of its own that can reach nothing but what is named here.

    Parameters
    ----------
    task
        Name of a task in :data:`dcor_shared.measurement.tasks.TASKS`.
    arguments
        JSON-serialisable arguments of the task.
    limits
        What the task may use up.
    source
        Remote bytes; the process asks for ranges and this process reads them.
    readable
        Local files that the task may read.
    writable
        Local file for the result; it is created empty, an existing one is emptied.

    Returns
    -------
    result
        What the task returned, as it comes out of JSON.

    Raises
    ------
    MeasurementError
        What the task raised, or one of the ``Sandbox…Error`` classes.
    Exception
        Whatever reading the source raised, unchanged.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    if writable is not None:
        writable.write_bytes(b"")
    request = {
        "target": TASKS[task],
        "arguments": dict(arguments or {}),
        "limits": asdict(limits),
        "readable": [str(path.resolve(strict=True)) for path in readable],
        "writable": str(writable.resolve(strict=True)) if writable else None,
        "source_size": None if source is None else source.size,
    }
    child = nursery.spawn()
    try:
        return _converse(child, request, limits, source, deadline)
    except wire.WireTimeoutError as error:
        raise SandboxTimeoutError(
            f"Looking into the file took longer than the {limits.seconds:g} s allowed."
        ) from error
    except (wire.WireClosedError, ConnectionError) as error:
        raise _cause_of_death(child) from error
    except wire.WireError as error:
        raise SandboxCrashError(
            f"The process that looked into the file broke the rules: {error}."
        ) from error
    finally:
        _end(child)


def _converse(
    child: Child,
    request: dict[str, Any],
    limits: Limits,
    source: ByteSource | None,
    deadline: float,
) -> Any:
    wire.send_document(child.channel, request)
    budget = limits.source_bytes
    while True:
        _, payload = wire.receive(child.channel, at_most=limits.result_bytes, deadline=deadline)
        message = wire.decode(payload)
        if not isinstance(message, dict):
            raise wire.WireError("a message is no object")
        if "read" not in message:
            return _result(message)
        budget -= _serve(child, source, message["read"], budget)


def _serve(child: Child, source: ByteSource | None, wanted: Any, budget: int) -> int:
    start, stop = _range(source, wanted)
    if stop - start > budget:
        raise SandboxSourceError(
            "Looking into the file needs more of its bytes than are allowed here."
        )
    assert source is not None  # noqa: S101 - _range has seen to it
    data = source.read(start, stop)
    with contextlib.suppress(BrokenPipeError):  # its last words are still to be received
        wire.send(child.channel, wire.BYTES, data)
    return stop - start


def _range(source: ByteSource | None, wanted: Any) -> tuple[int, int]:
    match wanted:
        case [int(start), int(stop)] if source and 0 <= start <= stop <= source.size:
            if stop - start <= LONGEST:
                return start, stop
    raise wire.WireError("a range was asked for that does not exist")


def _result(message: dict[str, Any]) -> Any:
    if "result" in message:
        return message["result"]
    name, text = str(message.get("error")), str(message.get("text"))[:2000]
    _log.info("sandboxed task failed: %s", str(message.get("detail"))[:2000])
    error_class = MeasurementError.by_name.get(name, SandboxCrashError)
    raise error_class(_printable(text))


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _end_of(child: Child) -> dict[str, Any]:
    """How the process ended, as the zygote saw it; empty if the zygote is gone as well."""
    try:
        deadline = time.monotonic() + _END_SECONDS
        _, payload = wire.receive(child.status, at_most=4096, deadline=deadline)
        return dict(wire.decode(payload))
    except wire.WireError:
        return {}


def _cause_of_death(child: Child) -> MeasurementError:
    """Why the process ended without an answer."""
    code = _end_of(child).get("exit", -signal.SIGKILL)
    if code == -signal.SIGXCPU:
        error = SandboxTimeoutError("Looking into the file took more computing time than allowed.")
        error.permanent = True
        return error
    if code == -signal.SIGXFSZ:
        return SandboxFileSizeError("The result is larger than is allowed here.")
    if code in {-signal.SIGKILL, -signal.SIGTERM}:
        return SandboxCrashError.killed()
    reason = f"signal {-code}" if code < 0 else f"exit code {code}"
    return SandboxCrashError(
        f"The process that looked into the file died ({reason}); the file is damaged or hostile."
    )


def _end(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)
    child.close()
