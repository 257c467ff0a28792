"""What the parent does while a sandboxed process works: serve its source, understand its end."""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.errors import (
    MeasurementError,
    SandboxCrashError,
    SandboxFileSizeError,
    SandboxSourceError,
    SandboxTimeoutError,
)
from dcor_shared.measurement.sandbox import wire
from dcor_shared.measurement.sandbox.remote import LONGEST

if TYPE_CHECKING:
    from dcor_shared.measurement.sandbox.limits import Limits
    from dcor_shared.measurement.sandbox.nursery import Child
    from dcor_shared.measurement.sources import ByteSource

_log = logging.getLogger(__name__)
_END_SECONDS = 5


def answer_of(
    child: Child, limits: Limits, source: ByteSource | None, deadline: float
) -> dict[str, Any] | bytes:
    """The next answer of a process; until then its source is read for it.

    Raises
    ------
    WireError
        One of its subclasses, if the process does not answer as it should.
    SandboxSourceError
        If it reads too much.
    """
    budget = limits.source_bytes
    while True:
        kind, payload = wire.receive(child.channel, at_most=limits.result_bytes, deadline=deadline)
        if kind == wire.BYTES:
            return payload
        message = wire.decode(payload)
        if not isinstance(message, dict):
            raise wire.WireError("a message is no object")
        if "read" not in message:
            return message
        budget -= _serve(child, source, message["read"], budget)


def _serve(child: Child, source: ByteSource | None, wanted: Any, budget: int) -> int:
    start, stop = _range(source, wanted)
    if stop - start > budget:
        raise SandboxSourceError(
            "Looking into the file needs more of its bytes than are allowed here."
        )
    assert source is not None  # noqa: S101 - _range has seen to it
    data = source.read(start, stop)
    try:
        # the channel has the timeout of what was received last
        wire.send(child.channel, wire.BYTES, data)
    except TimeoutError as error:
        raise wire.WireTimeoutError("the answer was not read in time") from error
    except BrokenPipeError:
        pass  # its last words are still to be received
    return stop - start


def _range(source: ByteSource | None, wanted: Any) -> tuple[int, int]:
    match wanted:
        case [int(start), int(stop)] if source and 0 <= start <= stop <= source.size:
            if stop - start <= LONGEST:
                return start, stop
    raise wire.WireError("a range was asked for that does not exist")


def result_of(message: dict[str, Any] | bytes) -> Any:
    """The result in an answer.

    Raises
    ------
    MeasurementError
        What the task raised.
    """
    if isinstance(message, bytes):
        return message
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


def cause_of_death(child: Child) -> MeasurementError:
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


def end(child: Child) -> None:
    """End a process, whatever it is doing."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)
    child.close()
