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
#: Memory of all answers that are being sent; beyond it those that stand still longest are given up.
BYTES_AT_MOST = 64 * 1024**2
#: Clients to whom answers are sent at the same time; beyond it the same ones are given up.
CLIENTS_AT_MOST = 200
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
        self._keep_small()

    def work(self, seconds: float) -> None:
        """Send what clients take, for so long."""
        deadline = time.monotonic() + seconds
        while (remaining := deadline - time.monotonic()) > 0:
            for key, _ in self._selector.select(remaining):
                self._send(key.data)
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

    def _keep_small(self) -> None:
        """Give up clients while there are too many, or their answers take too much memory."""
        while len(self._open) > 1 and (
            len(self._open) > CLIENTS_AT_MOST or self._bytes() > BYTES_AT_MOST
        ):
            self._end(min(self._open, key=lambda one: one.progress), "others need the place")

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
