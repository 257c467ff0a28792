"""The layer around the application that sets requests aside."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Any

from ckanext.dc_serve import config
from ckanext.dc_serve.waiting import connection
from ckanext.dc_serve.waiting.marks import AWAITED, MAY_WAIT, WAITS_FOR
from ckanext.dc_serve.waiting.room import Guest, Key, Room, key_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

#: Also below the name of a language, which CKAN takes away.
_PATH = re.compile(r"(?:/[A-Za-z]{2,3}(?:_[A-Za-z]+)*)?/api(?:/3)?/action/dcserv")


class Waiting:
    """A WSGI application that lets requests wait without keeping the process busy.

    Parameters
    ----------
    application
        Answers all requests.
    server
        Gives away the connections of requests.
    pending
        Tells which of some resources still have to be waited for.
    """

    def __init__(
        self,
        application: WSGIApplication,
        server: connection.Server,
        pending: Callable[[Collection[str]], Collection[str]],
    ) -> None:
        self._application = application
        self._server = server
        self._room = Room(application, pending)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or set it aside."""
        if not _may_wait(environ):
            return self._application(environ, start_response)
        if self._room.is_full(_address(environ)):
            environ[MAY_WAIT] = False
            return self._application(environ, start_response)
        # as it came: the application writes into it
        key, fresh = key_of(environ), dict(environ)
        if (resource_id := self._room.same(key)) is None:
            pieces, head = self._ask(environ)
            if (resource_id := environ.pop(WAITS_FOR, None)) is None:
                start_response(*head)
                return pieces
            _close(pieces)
        try:
            taken = connection.take_over(self._server)
        except OSError:
            log.exception("A request cannot wait: its connection cannot be taken over.")
            return self._application(fresh | {MAY_WAIT: False}, start_response)
        self._set_aside(resource_id, key, taken)
        start_response("200 OK", [])  # the server notes this in its log, and sends it nowhere
        return []

    def _ask(self, environ: WSGIEnvironment) -> tuple[Iterable[bytes], tuple[Any, ...]]:
        """What the application answers: body and arguments of `start_response`."""
        heads: list[tuple[Any, ...]] = []

        def note(*head: Any) -> Callable[[bytes], object]:
            heads.append(head)
            return lambda _piece: None  # CKAN never writes in this way

        environ[MAY_WAIT] = True
        environ[AWAITED] = self._room.awaited
        return self._application(environ, note), heads[-1]

    def _set_aside(self, resource_id: str, key: Key, taken: socket.socket) -> None:
        self._room.enter(
            Guest(
                resource_id,
                key,
                _address(dict(key)),
                taken,
                time.monotonic() + config.record_wait(),
            )
        )

    def close(self) -> None:
        """Answer all requests that were set aside, since the process ends."""
        self._room.close()


def _may_wait(environ: WSGIEnvironment) -> bool:
    return (
        _PATH.fullmatch(environ.get("PATH_INFO", "")) is not None
        and environ.get("REQUEST_METHOD") in {"GET", "HEAD"}
        and environ.get("CONTENT_LENGTH", "") in {"", "0"}
        and "HTTP_TRANSFER_ENCODING" not in environ
    )


def _address(environ: Mapping[str, Any]) -> str:
    return str(environ.get("REMOTE_ADDR", ""))


def _close(pieces: Iterable[bytes]) -> None:
    if (close := getattr(pieces, "close", None)) is not None:
        close()
