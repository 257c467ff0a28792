"""The layer around the application that sends kept answers again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flask

from ckanext.dc_serve import config
from ckanext.dc_serve.kept import guard, stamps
from ckanext.dc_serve.kept.requests import recognise
from ckanext.dc_serve.memory import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from ckanext.dc_serve.kept.requests import Asked

    Headers = list[tuple[str, str]]

_MARK = "dc_serve.keep"
#: Longest time for which an answer is kept [s].
SECONDS = 30.0
_OK = "200 "
#: What each kept answer takes besides its body [bytes].
_OVERHEAD = 2000


@dataclass(frozen=True)
class _Kept:
    stamp: str
    until: float
    status: str
    headers: Headers
    body: bytes


def keep(seconds: float = SECONDS) -> None:
    """Declare that the answer to the present request depends on nothing but what stamps cover.

    Parameters
    ----------
    seconds
        For how long it may be sent again at most, whatever the stamp says.
    """
    if flask.has_request_context():
        flask.request.environ[_MARK] = min(seconds, SECONDS)


class KeptAnswers:
    """A WSGI application that answers from memory what it can, and leaves the rest to another one.

    Parameters
    ----------
    application
        The other one.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._answers = BoundedCache(config.answer_cache)
        self._allowed: bool | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        asked = recognise(environ)
        if asked is None or not self._is_allowed():
            return self._application(environ, start_response)
        started = time.perf_counter()
        stamp = stamps.stamp(asked.resource_id, asked.token_id)
        found: _Kept | None = self._answers.find(asked.key)
        if stamp is None:
            return self._application(environ, start_response)
        if found is None or found.stamp != stamp or found.until < time.monotonic():
            return self._ask(asked, stamp, environ, start_response)
        start_response(found.status, _timed(found.headers, started))
        return [found.body]

    def _is_allowed(self) -> bool:
        # plugins are loaded by the time of the first request
        if self._allowed is None:
            self._allowed = guard.is_allowed()
        return self._allowed

    def _ask(
        self, asked: Asked, stamp: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the application answer, and keep the answer if it may be kept."""
        given: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, *more: Any) -> Callable[[bytes], object]:
            given.append((status, list(headers)))
            return start_response(status, headers, *more)

        environ.pop(_MARK, None)
        pieces = self._application(environ, note)
        seconds = environ.get(_MARK)
        if seconds is None or len(given) != 1 or not given[0][0].startswith(_OK):
            return pieces
        try:
            body = b"".join(pieces)
        finally:
            if (close := getattr(pieces, "close", None)) is not None:
                close()
        status, headers = given[0]
        if not any(name.lower() == "set-cookie" for name, _value in headers):
            kept = _Kept(stamp, time.monotonic() + seconds, status, headers, body)
            self._answers.put(asked.key, kept, len(body) + _OVERHEAD)
        return [body]


def _timed(headers: Headers, started: float) -> Headers:
    """The headers, with the time that this answer took in the place of that of the first one."""
    name = "Server-Timing"
    if all(key != name for key, _value in headers):
        return list(headers)
    spent = (time.perf_counter() - started) * 1e3
    return [(key, value) for key, value in headers if key != name] + [
        (name, f"check;dur={spent:.2f}")
    ]
