"""Sending answers to many clients at once, none of whom keeps the others waiting."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import time
from dataclasses import dataclass

log = logging.getLogger(__name__)

#: Seconds without a byte taken after which a client is given up, and seconds for a whole answer.
IDLE_SECONDS = 10.0
WHOLE_SECONDS = 120.0
#: Memory of all answers that are being sent, and of a single one; from there on there is no place
#: for another one.
BYTES_AT_MOST = 64 * 1024**2
#: Clients to whom answers are sent at the same time.
CLIENTS_AT_MOST = 200
#: Seconds without a byte taken after which a client is given up if others need the place.
STALLED_SECONDS = 1.0
#: What is handed to the system at once.
_PIECE = 256 * 1024


@dataclass(eq=False)
class _Delivery:
    connection: socket.socket
    answer: bytes
    until: float
    sent: int = 0
    progress: float = 0.0


class Deliveries:
    """Answers that are being sent; used by one thread.

    An answer that several clients get counts, and is kept, once for all of them.
    """

    def __init__(self) -> None:
        # the one that takes no descriptor: there may be none left
        self._selector = selectors.PollSelector()
        self._open: list[_Delivery] = []

    def __len__(self) -> int:
        """How many clients do not have their whole answer yet."""
        return len(self._open)

    def add(self, connection: socket.socket, answer: bytes) -> None:
        """Begin to send an answer; the connection is closed when it was sent, or is given up."""
        now = time.monotonic()
        new = _Delivery(connection, answer, now + WHOLE_SECONDS, progress=now)
        try:
            connection.settimeout(0)
            self._selector.register(connection, selectors.EVENT_WRITE, new)
        except (OSError, ValueError) as error:
            connection.close()
            log.warning("An answer could not be sent: %s", error)
            return
        self._open.append(new)
        self._send(new)

    def work(self, seconds: float) -> None:
        """Send what clients take, for so long, at least once."""
        deadline = time.monotonic() + seconds
        remaining = seconds
        while remaining >= 0:
            for key, _ in self._selector.select(remaining):
                self._send(key.data)
            remaining = deadline - time.monotonic()
        self._give_up_late()

    def finish(self, seconds: float) -> None:
        """Send what clients take until all have their answers, at most for so long; then close."""
        deadline = time.monotonic() + seconds
        while self._open and (remaining := deadline - time.monotonic()) > 0:
            for key, _ in self._selector.select(remaining):
                self._send(key.data)
        for late in list(self._open):
            self._end(late, "there is no more time")
        self._selector.close()

    def _send(self, one: _Delivery) -> None:
        try:
            with memoryview(one.answer) as view:
                one.sent += one.connection.send(view[one.sent : one.sent + _PIECE])
        except BlockingIOError:
            return
        except OSError as error:
            self._end(one, str(error))
            return
        one.progress = time.monotonic()
        if one.sent == len(one.answer):
            self._end(one)

    def _give_up_late(self) -> None:
        now = time.monotonic()
        for one in list(self._open):
            if now > one.progress + IDLE_SECONDS:
                self._end(one, "it takes no more of it")
            elif now > one.until:
                self._end(one, "it takes it too slowly")

    def has_place(self, clients: int = 1) -> bool:
        """Whether an answer to so many more clients may be added.

        Clients that stand still are given up for it, none that takes what it is sent.
        """
        while self._open:
            are_too_large = self._bytes() >= BYTES_AT_MOST
            if not are_too_large and len(self._open) + clients <= CLIENTS_AT_MOST:
                break
            if not (stalled := self._stalled()):
                return False
            # the largest one if memory is missing, otherwise the one that stands still longest
            stalled.sort(key=lambda one: -len(one.answer) if are_too_large else one.progress)
            self._end(stalled[0], "others need the place")
        return True

    def _stalled(self) -> list[_Delivery]:
        # a look at all of them: since the last one their own thread may have been busy elsewhere
        ready = {key.data for key, _ in self._selector.select(0)}
        before = time.monotonic() - STALLED_SECONDS
        return [one for one in self._open if one not in ready and one.progress <= before]

    def _bytes(self) -> int:
        return sum({id(one.answer): len(one.answer) for one in self._open}.values())

    def _end(self, one: _Delivery, problem: str = "") -> None:
        """Let go of a client, whatever happens."""
        self._open.remove(one)
        self._selector.unregister(one.connection)
        with one.connection, contextlib.suppress(OSError):
            # ends the connection even where a forked process holds a copy of the descriptor
            one.connection.shutdown(socket.SHUT_RDWR)
        if problem:
            log.info("A client did not get all of its answer: %s", problem)
