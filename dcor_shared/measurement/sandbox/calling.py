"""Running one task in a sandboxed process."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.errors import SandboxCrashError, SandboxTimeoutError
from dcor_shared.measurement.sandbox import conversation, nursery, wire
from dcor_shared.measurement.sandbox.limits import Limits
from dcor_shared.measurement.sandbox.together import Together
from dcor_shared.measurement.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dcor_shared.measurement.sources import ByteSource


def call(
    task: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    limits: Limits | None = None,
    source: ByteSource | None = None,
    readable: Sequence[Path] = (),
    writable: Path | None = None,
    together: Together | None = None,
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
    together
        The process may be ended with others.

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
        with (together or Together()).joined(child):
            wire.send_document(child.channel, request)
            return conversation.result_of(conversation.answer_of(child, limits, source, deadline))
    except wire.WireTimeoutError as error:
        raise SandboxTimeoutError(
            f"Looking into the file took longer than the {limits.seconds:g} s allowed."
        ) from error
    except (wire.WireClosedError, ConnectionError) as error:
        raise conversation.cause_of_death(child) from error
    except wire.WireError as error:
        raise SandboxCrashError(
            f"The process that looked into the file broke the rules: {error}."
        ) from error
    finally:
        conversation.end(child)
