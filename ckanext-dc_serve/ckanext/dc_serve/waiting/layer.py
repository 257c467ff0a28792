"""The layer around the application that sets requests aside."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ckanext.dc_serve import config
from ckanext.dc_serve.waiting import connection
from ckanext.dc_serve.waiting.marks import AWAITED, MAY_WAIT, WAITS_FOR
from ckanext.dc_serve.waiting.room import Guest, Room, lasting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_PATHS = {"/api/3/action/dcserv", "/api/action/dcserv"}
#: What makes requests different from each other.
_KEY = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_COOKIE",
    "HTTP_ORIGIN",
    "HTTP_IF_NONE_MATCH",
)


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
        if self._room.is_full:
            environ[MAY_WAIT] = False
            return self._application(environ, start_response)
        key = _key(environ)
        if (resource_id := self._room.same(key)) is None:
            pieces, head = self._ask(environ)
            if (resource_id := environ.pop(WAITS_FOR, None)) is None:
                start_response(*head)
                return pieces
            _close(pieces)
        self._set_aside(resource_id, key, environ)
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

    def _set_aside(self, resource_id: str, key: tuple[str, ...], environ: WSGIEnvironment) -> None:
        self._room.enter(
            Guest(
                resource_id,
                key,
                lasting(environ),
                connection.take_over(self._server),
                time.monotonic() + config.record_wait(),
            )
        )


def _may_wait(environ: WSGIEnvironment) -> bool:
    return (
        environ.get("PATH_INFO") in _PATHS
        and environ.get("REQUEST_METHOD") == "GET"
        and environ.get("CONTENT_LENGTH", "") in {"", "0"}
        and "HTTP_TRANSFER_ENCODING" not in environ
    )


def _key(environ: WSGIEnvironment) -> tuple[str, ...]:
    token = config.token_header()
    return tuple(environ.get(name, "") for name in (*_KEY, token))


def _close(pieces: Iterable[bytes]) -> None:
    if (close := getattr(pieces, "close", None)) is not None:
        close()
