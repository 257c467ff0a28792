"""Sandboxed processes that answer many questions about one source.

Opening a file far away takes some requests and a vetting walk. A session does this once and then
answers until it is closed, fails or was not asked anything for a while.
"""

from __future__ import annotations

import contextlib
import select
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.errors import SandboxCrashError, SandboxTimeoutError
from dcor_shared.measurement.sandbox import conversation, nursery, wire
from dcor_shared.measurement.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_shared.measurement.sandbox.limits import Limits
    from dcor_shared.measurement.sources import ByteSource


class _Timed:
    """A source that is waited for until a deadline only; a store may keep silent for minutes.

    What is read too late is read in vain: the session is closed then, and its source not used
    any more.
    """

    def __init__(self, source: ByteSource, deadline: float) -> None:
        self.size = source.size
        self._source = source
        self._deadline = deadline

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` (inclusive) to `stop` (exclusive)."""
        found: Future[bytes] = Future()
        arguments = (found, self._source, start, stop)
        threading.Thread(target=_read, args=arguments, daemon=True).start()
        try:
            return found.result(max(0.0, self._deadline - time.monotonic()))
        except FutureTimeoutError as error:
            if found.done():
                raise  # the source's own
            raise wire.WireTimeoutError("the source did not answer in time") from error


def _read(found: Future[bytes], source: ByteSource, start: int, stop: int) -> None:
    try:
        found.set_result(source.read(start, stop))
    except BaseException as error:  # noqa: BLE001 - raised again where it was asked
        found.set_exception(error)


class Session:
    """One sandboxed process with one source; may be used by several threads, in turn.

    Parameters
    ----------
    task
        Name of a task that takes questions (``Workspace.questions``).
    source
        Remote bytes.
    limits
        ``seconds``, ``source_bytes`` and ``result_bytes`` hold for each question, everything else
        for the life of the process.
    idle_seconds
        The process ends by itself when nobody asks for so long.
    """

    def __init__(
        self, task: str, source: ByteSource, limits: Limits, idle_seconds: float = 60.0
    ) -> None:
        self._source = source
        self._limits = limits
        self._lock = threading.Lock()
        self._ready = False
        self._child: nursery.Child | None = nursery.spawn()
        request: dict[str, Any] = {
            "target": TASKS[task],
            "arguments": {},
            "limits": asdict(replace(limits, file_size_bytes=0)),
            "readable": [],
            "writable": None,
            "source_size": source.size,
            "idle_seconds": idle_seconds,
        }
        try:
            wire.send_document(self._child.channel, request)
        except OSError:
            self.close()

    @property
    def is_open(self) -> bool:
        """Whether it can still be asked."""
        child = self._child
        # the descriptor of a process becomes readable when the process ends
        return child is not None and not select.select([child.pidfd], [], [], 0)[0]

    def ask(self, question: Mapping[str, Any], deadline: float | None = None) -> Any:
        """The answer to a question: JSON, or bytes if the task answered with bytes.

        Parameters
        ----------
        question
            What the task understands.
        deadline
            When to give up (:func:`time.monotonic`), if that is before the limit of the session.

        Raises
        ------
        MeasurementError
            What the task raised, or one of the ``Sandbox…Error`` classes.
        Exception
            Whatever reading the source raised, unchanged; the session is closed then.
        """
        latest = time.monotonic() + self._limits.seconds
        deadline = latest if deadline is None else min(latest, deadline)
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise SandboxTimeoutError("Others ask about this file at the moment; try again.")
        try:
            return self._ask(question, deadline)
        finally:
            self._lock.release()

    def _ask(self, question: Mapping[str, Any], deadline: float) -> Any:
        child = self._child
        if child is None:
            raise SandboxCrashError.killed()
        done = False
        try:
            message = self._converse(child, question, deadline)
            done = True
        except wire.WireTimeoutError as error:
            raise SandboxTimeoutError(
                "Looking into the file took longer than is allowed; try again in a moment."
            ) from error
        except (wire.WireClosedError, ConnectionError) as error:
            raise conversation.cause_of_death(child) from error
        except wire.WireError as error:
            raise SandboxCrashError(
                f"The process that looked into the file broke the rules: {error}."
            ) from error
        finally:
            if not done:
                self.close()
        if not (isinstance(message, bytes) or message.get("open")):
            self.close()
        return conversation.result_of(message)

    def _converse(
        self, child: nursery.Child, question: Mapping[str, Any], deadline: float
    ) -> dict[str, Any] | bytes:
        source = _Timed(self._source, deadline)
        if not self._ready:
            # the process opens the file first
            opened = conversation.answer_of(child, self._limits, source, deadline)
            if isinstance(opened, dict) and not opened.get("open"):
                return opened
            self._ready = True
        with contextlib.suppress(ConnectionError):  # its last words are still to be received
            wire.send_document(child.channel, {"question": dict(question)})
        return conversation.answer_of(child, self._limits, source, deadline)

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(OSError):
                conversation.end(child)
