"""What stands between the web server and CKAN: a last answer, and what the log may tell.

The last answer is for errors that escape even CKAN's error page (a broken template, no database).
uWSGI would send nothing at all, and its HTTP router would let the client wait for it.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_STATUS = "500 INTERNAL SERVER ERROR"
_TEXT = "Internal Server Error"
#: What clients of the API expect of every answer.
_ENVELOPE = {"success": False, "error": {"__type": _TEXT, "message": _TEXT}}


def guarded(application: WSGIApplication) -> WSGIApplication:
    """The application; where it raises, the error is logged and the client is answered."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except Exception:
            log.exception("No answer to %s %s", environ.get("REQUEST_METHOD"), quoted_path(environ))
            kind, body = _last_answer(environ.get("PATH_INFO", ""))
            headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
            start_response(_STATUS, headers, sys.exc_info())
            return [body]

    return answer


def logged(application: WSGIApplication, note: Callable[[str, str], object]) -> WSGIApplication:
    """The application; `note` is told the path of every request, for the log of the server.

    The query is left out: keys for resetting passwords, tokens and signatures may be in it.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        note("path", quoted_path(environ))
        return application(environ, start_response)

    return answer


def quoted_path(environ: WSGIEnvironment) -> str:
    """The path of a request as it stood in the URL: nothing in it can end a line of a log."""
    return quote(environ.get("PATH_INFO", "").encode("latin-1"))


def _last_answer(path: str) -> tuple[str, bytes]:
    if "/api/" in path:
        return "application/json;charset=utf-8", json.dumps(_ENVELOPE).encode()
    return "text/plain;charset=utf-8", _TEXT.encode()
