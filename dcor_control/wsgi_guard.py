"""A last answer for errors that escape even CKAN's error page (a broken template, no database).

uWSGI would send nothing at all, and its HTTP router would let the client wait for it.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
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
            path = environ.get("PATH_INFO", "")
            log.exception("No answer to %s %s", environ.get("REQUEST_METHOD"), path)
            kind, body = _last_answer(path)
            headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
            start_response(_STATUS, headers, sys.exc_info())
            return [body]

    return answer


def _last_answer(path: str) -> tuple[str, bytes]:
    if "/api/" in path:
        return "application/json;charset=utf-8", json.dumps(_ENVELOPE).encode()
    return "text/plain;charset=utf-8", _TEXT.encode()
