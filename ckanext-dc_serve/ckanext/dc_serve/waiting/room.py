"""The room in which requests wait, and the thread that answers them.

The thread exists while somebody waits, or has not taken all of the answer yet. It looks into the
database for all of them with one statement; those whose measurement was described, and those whose
time is over, are answered. Whatever goes wrong with one of them is the matter of that one alone.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.dc_serve.waiting import answers, connection
from ckanext.dc_serve.waiting.deliveries import BYTES_AT_MOST, Deliveries
from ckanext.dc_serve.waiting.marks import MAY_WAIT

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection
    from wsgiref.types import WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

#: Requests that may wait in one web process at the same time, and those of one address among them.
PLACES = 200
PLACES_OF_ONE = 100
#: Seconds between two looks into the database.
_PAUSE = 0.03
#: Seconds for sending answers before the application is asked for another one.
_BETWEEN = 0.002
#: Seconds for answering everybody when the process ends.
_CLOSING_SECONDS = 3.0
_FAILURE = answers.packed(answers.FAILURE)
#: What differs between requests without a meaning for their answers.
_MEANINGLESS = {"REMOTE_PORT"}

Key = tuple[tuple[str, str | bool], ...]


@dataclass(frozen=True, eq=False)
class Guest:
    """A request that waits.

    Attributes
    ----------
    resource_id
        What it waits for.
    key
        The request; those with the same key get the same answer.
    address
        Who asks.
    connection
        Where the answer goes.
    until
        When it is answered at the latest (`time.monotonic`).
    """

    resource_id: str
    key: Key
    address: str
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
        self._thread: threading.Thread | None = None
        self._is_closing = False

    def is_full(self, address: str) -> bool:
        """Whether nobody else of this address may wait."""
        with self._lock:
            of_this = sum(one.address == address for one in self._guests)
            return len(self._guests) >= PLACES or of_this >= PLACES_OF_ONE or self._is_closing

    @property
    def awaited(self) -> set[str]:
        """The resources that requests wait for."""
        with self._lock:
            return {one.resource_id for one in self._guests}

    def same(self, key: Key) -> str | None:
        """The resource that a request with this key waits for, None if there is none."""
        with self._lock:
            return next((one.resource_id for one in self._guests if one.key == key), None)

    def enter(self, guest: Guest) -> None:
        """Let a request wait; where there can be no thread it is answered now."""
        with self._lock:
            self._guests.append(guest)
            try:
                self._be_served()
            except (RuntimeError, MemoryError):
                log.exception("Nobody can wait: there is no thread to answer them.")
                self._guests.remove(guest)
            else:
                return
        deliveries = Deliveries()
        self._answer([guest], deliveries)  # one guest never stays unanswered
        deliveries.finish(_CLOSING_SECONDS)

    def close(self) -> None:
        """Answer everybody now, since the process ends."""
        with self._lock:
            self._is_closing = True
            thread = self._thread
        if thread is not None:
            thread.join(_CLOSING_SECONDS + 1)

    def _be_served(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._serve, name="dcserv-waiting", daemon=True)
            thread.start()
            self._thread = thread

    def _serve(self) -> None:
        try:
            deliveries = Deliveries()
            while self._is_needed(deliveries):
                self._serve_once(deliveries)
            if self._is_closing:
                self._say_goodbye(deliveries)
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _is_needed(self, deliveries: Deliveries) -> bool:
        with self._lock:
            if self._is_closing:
                return False
            if not (self._guests or deliveries):
                self._thread = None  # who comes from now on gets another one
            return self._thread is not None

    def _serve_once(self, deliveries: Deliveries) -> None:
        try:
            deliveries.work(_PAUSE)
            self._answer_all(self._called(), deliveries)
        except Exception:
            # a thread that ends here would leave its guests alone
            log.exception("Those who wait are looked at again in a moment.")
            time.sleep(_PAUSE)

    def _answer_all(self, called: list[Guest], deliveries: Deliveries) -> None:
        """Answer guests as long as there is place; the others stay in the room."""
        alike: dict[Key, list[Guest]] = {}
        for one in called:
            alike.setdefault(one.key, []).append(one)
        queue = deque(alike.values())
        while queue:
            # asking for answers takes time, in which those who read would get nothing
            deliveries.work(_BETWEEN)
            if self._is_closing or not deliveries.has_place(len(queue[0])):
                return
            guests = queue.popleft()
            self._leave(guests)
            unanswered = self._answer(guests, deliveries)
            queue.extendleft([one] for one in unanswered)
            self._come_back(unanswered)

    def _leave(self, guests: list[Guest]) -> None:
        leaving = set(guests)
        with self._lock:
            self._guests = [one for one in self._guests if one not in leaving]

    def _come_back(self, guests: list[Guest]) -> None:
        with self._lock:
            self._guests = [*guests, *self._guests]

    def _say_goodbye(self, deliveries: Deliveries) -> None:
        with self._lock:
            guests, self._guests = self._guests, []
        for guest in guests:
            deliveries.add(guest.connection, _FAILURE)
        deliveries.finish(_CLOSING_SECONDS)

    def _called(self) -> list[Guest]:
        """Those whose turn it is."""
        wanted = self.awaited
        known = wanted - self._look(wanted)
        now = time.monotonic()
        with self._lock:
            # who came after the look has to wait for the next one
            return [one for one in self._guests if now >= one.until or one.resource_id in known]

    def _look(self, wanted: set[str]) -> set[str]:
        if not wanted:
            return set()
        try:
            return set(self._pending(wanted))
        except Exception:
            log.exception("What requests wait for is not known; they are answered now.")
            return set()

    def _answer(self, alike: list[Guest], deliveries: Deliveries) -> list[Guest]:
        """Answer requests that are the same.

        Returns
        -------
        unanswered
            All but the first one if the answer to it is for nobody else; otherwise, whatever
            happens, nobody is left without an answer.
        """
        present = [one for one in alike if not connection.is_left(one.connection)]
        for one in set(alike).difference(present):
            one.connection.close()
        if not present:
            return []
        try:
            answer, is_personal = self._answer_to(present)
        except Exception:
            log.exception("No answer to a request for resource %s", present[0].resource_id)
            answer, is_personal = _FAILURE, False
        answered = present[:1] if is_personal else present
        for one in answered:
            try:
                deliveries.add(one.connection, answer)
            except Exception:
                log.exception("An answer for resource %s was not sent", one.resource_id)
                one.connection.close()
        return present[len(answered) :]

    def _answer_to(self, alike: list[Guest]) -> tuple[bytes, bool]:
        """What is sent, and whether it is for the first one alone: it has a session in it."""
        request = dict(alike[0].key)
        environ = _lasting(request) | {MAY_WAIT: False}
        answer = answers.ask(self._application, environ, BYTES_AT_MOST)
        is_personal = any(name.lower() == "set-cookie" for name, _text in answer[1])
        method, path = (str(request.get(name, "")) for name in ("REQUEST_METHOD", "PATH_INFO"))
        number = 1 if is_personal else len(alike)
        # the web server noted 200 for them; there may be secrets in the query
        log.info("%s %s: %s, after waiting (requests: %d)", method, path, answer[0], number)
        return answers.packed(answer, method), is_personal


def key_of(environ: WSGIEnvironment) -> Key:
    """All that an answer may depend on: the whole request, which has no body."""
    return tuple(
        sorted(
            (name, text)
            for name, text in environ.items()
            if isinstance(text, (str, bool)) and name not in _MEANINGLESS
        )
    )


def _lasting(request: dict[str, str | bool]) -> WSGIEnvironment:
    """A request as an application takes it, when the web server has forgotten it."""
    return {
        **request,
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
