"""Single events of measurements in the object store; for the web process.

A few sandboxed sessions are kept open, each for one object; the one that was not asked for the
longest time makes room for another.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import MeasurementError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from dcor_shared.measurement.sources import ByteSource

#: Computing time and memory are those of the whole life of a process.
EVENT_LIMITS = sandbox.Limits(
    seconds=20,
    cpu_seconds=300,
    memory_bytes=512 * sandbox.MIB,
    source_bytes=256 * sandbox.MIB,
    result_bytes=64 * sandbox.MIB,
)


class TooBusyError(Exception):
    """All sessions are answering questions of others at the moment; try again later."""


@dataclass(frozen=True)
class EventSource:
    """An object that events are read from.

    Attributes
    ----------
    key
        Identifies its bytes: bucket, key and ETag.
    open
        Makes a byte source; called when a session is opened.
    """

    key: Hashable
    open: Callable[[], ByteSource]


class EventReader:
    """Keeps sessions and asks them.

    Parameters
    ----------
    most
        Sessions that are open at the same time.
    limits
        Limits of each.
    idle_seconds
        A session ends when nobody asks it for so long.
    """

    def __init__(
        self,
        most: int = 3,
        limits: sandbox.Limits = EVENT_LIMITS,
        idle_seconds: float = 60.0,
    ) -> None:
        self._most = most
        self._limits = limits
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._sessions: OrderedDict[Hashable, sandbox.Session] = OrderedDict()
        self._asking: dict[Hashable, int] = {}
        self._is_open = True

    def ask(self, source: EventSource, deadline: float | None = None, **question: Any) -> Any:
        """The answer to a question about the events of an object.

        Parameters
        ----------
        source
            The object.
        deadline
            When to give up (:func:`time.monotonic`), if that is before the limit of a question.
        question
            See :class:`~dcor_shared.measurement.overview.events_task.Events`.

        Raises
        ------
        MeasurementError
            If the object cannot be read, or there is no such event or picture.
        TooBusyError
            If too many others ask, or the reader is closed.
        """
        try:
            return self._ask(source, question, deadline)
        except MeasurementError as error:
            if error.permanent or error.code != "sandbox-crash":
                raise
        # the process had just ended, because nobody had asked it for long
        return self._ask(source, question, deadline)

    def _ask(self, source: EventSource, question: Mapping[str, Any], deadline: float | None) -> Any:
        session = self._take(source)
        try:
            return session.ask(question, deadline)
        finally:
            with self._lock:
                self._asking[source.key] -= 1

    def _take(self, source: EventSource) -> sandbox.Session:
        with self._lock:
            if not self._is_open:
                raise TooBusyError("Nobody answers any more.")
            session = self._sessions.get(source.key)
            if session is None or not session.is_open:
                self._make_room(source.key)
                session = sandbox.Session("events", source.open(), self._limits, self._idle_seconds)
                self._sessions[source.key] = session
            self._sessions.move_to_end(source.key)
            self._asking[source.key] = self._asking.get(source.key, 0) + 1
            return session

    def _make_room(self, key: Hashable) -> None:
        if (old := self._sessions.pop(key, None)) is not None:
            old.close()
        for other in list(self._sessions):
            if len(self._sessions) < self._most:
                return
            if not self._asking.get(other):
                self._sessions.pop(other).close()
                self._asking.pop(other, None)
        if len(self._sessions) >= self._most:
            raise TooBusyError("Too many measurements are being looked at; try again in a moment.")

    def close(self) -> None:
        """End all sessions; no more are opened."""
        with self._lock:
            self._is_open = False
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()
            self._asking.clear()
