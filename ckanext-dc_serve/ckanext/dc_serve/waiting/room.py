"""The room in which requests wait, and the thread that answers them.

The thread exists while somebody waits. It looks into the database for all of them with one
statement; those whose measurement was described, and those whose time is over, are answered.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.dc_serve.waiting import connection
from ckanext.dc_serve.waiting.marks import MAY_WAIT

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection, Hashable
    from wsgiref.types import WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

#: Requests that may wait in one web process at the same time.
PLACES = 200
#: Seconds between two looks into the database.
_PAUSE = 0.03
_FAILURE = (
    "500 INTERNAL SERVER ERROR",
    [("Content-Type", "application/json;charset=utf-8")],
    (
        b'{"success": false, "error": {"__type": "Internal Server Error",'
        b' "message": "Internal Server Error"}}'
    ),
)

Answer = tuple[str, list[tuple[str, str]], bytes]


@dataclass(frozen=True, eq=False)
class Guest:
    """A request that waits.

    Attributes
    ----------
    resource_id
        What it waits for.
    key
        Requests with the same key get the same answer.
    environ
        The request.
    connection
        Where the answer goes.
    until
        When it is answered at the latest (`time.monotonic`).
    """

    resource_id: str
    key: Hashable
    environ: WSGIEnvironment
    connection: socket.socket
    until: float


class Room:
    """Requests that wait.

    Parameters
    ----------
    application
        Answers them when their time has come.
    pending
        Tells which of some resources still have to be waited for.
    """

    def __init__(
        self, application: WSGIApplication, pending: Callable[[Collection[str]], Collection[str]]
    ) -> None:
        self._application = application
        self._pending = pending
        self._guests: list[Guest] = []
        self._lock = threading.Lock()
        self._is_served = False

    @property
    def is_full(self) -> bool:
        """Whether nobody else may wait."""
        return len(self._guests) >= PLACES

    @property
    def awaited(self) -> set[str]:
        """The resources that requests wait for."""
        with self._lock:
            return {one.resource_id for one in self._guests}

    def same(self, key: Hashable) -> str | None:
        """The resource that a request with this key waits for, None if there is none."""
        with self._lock:
            return next((one.resource_id for one in self._guests if one.key == key), None)

    def enter(self, guest: Guest) -> None:
        """Let a request wait."""
        with self._lock:
            self._guests.append(guest)
            if not self._is_served:
                self._is_served = True
                threading.Thread(target=self._serve, name="dcserv-waiting", daemon=True).start()

    def _serve(self) -> None:
        while self._is_needed():
            time.sleep(_PAUSE)
            for guest in self._called():
                self._answer(guest)

    def _is_needed(self) -> bool:
        with self._lock:
            self._is_served = bool(self._guests)
            return self._is_served

    def _called(self) -> list[Guest]:
        """Those whose turn it is, who leave the room."""
        wanted = self.awaited
        pending = self._look(wanted)
        now = time.monotonic()
        with self._lock:
            # who came after the look has to wait for the next one
            stay = {
                one
                for one in self._guests
                if now < one.until and one.resource_id not in wanted - pending
            }
            called = [one for one in self._guests if one not in stay]
            self._guests = [one for one in self._guests if one in stay]
        return called

    def _look(self, wanted: set[str]) -> set[str]:
        try:
            return set(self._pending(wanted))
        except Exception:
            # a thread that ends here would leave its guests alone; the application tells them
            log.exception("What requests wait for is not known; they are answered now.")
            return set()

    def _answer(self, guest: Guest) -> None:
        if connection.is_left(guest.connection):
            guest.connection.close()
            return
        try:
            answer = ask(self._application, guest.environ | {MAY_WAIT: False})
        except Exception:
            log.exception("No answer to a request for resource %s", guest.resource_id)
            answer = _FAILURE
        connection.send(guest.connection, *answer, report=_note)


def _note(error: OSError) -> None:
    log.info("A client did not wait for its answer: %s", error)


def ask(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Status, headers and body of the answer of an application."""
    given: list[tuple[str, list[tuple[str, str]]]] = []

    def note(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        given.append((status, headers))
        return lambda _piece: None

    pieces = application(environ, note)
    try:
        body = b"".join(pieces)
    finally:
        if (close := getattr(pieces, "close", None)) is not None:
            close()
    return *given[-1], body


def lasting(environ: WSGIEnvironment) -> WSGIEnvironment:
    """What can be kept of a request without a body when the web server has forgotten it."""
    return {key: value for key, value in environ.items() if isinstance(value, str)} | {
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
