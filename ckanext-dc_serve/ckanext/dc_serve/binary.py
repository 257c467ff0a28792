"""Answers that are not JSON: sent in the place of the JSON answer that CKAN's API would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from dcor_shared.objects.presign import content_disposition

from ckanext.dc_serve import calls

if TYPE_CHECKING:
    from flask import Response


def answer(body: bytes, media_type: str, file_name: str, tag: str) -> Any:
    """The result of an action whose answer is `body`.

    Called by HTTP, the client gets `body` with these headers; the result is thrown away.
    Otherwise the result is `body` itself.
    """
    if not calls.is_call() or calls.is_jsonp():
        return body

    def replace(response: Response) -> Response:
        if response.status_code != 200:  # noqa: PLR2004
            return response
        return _response(response, body, media_type, file_name, tag)

    flask.after_this_request(replace)
    return {"bytes": len(body)}


def _response(old: Response, body: bytes, media_type: str, file_name: str, tag: str) -> Response:
    response = flask.Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition(file_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if "Cache-Control" in old.headers:
        response.headers["Cache-Control"] = old.headers["Cache-Control"]
    response.vary.add("Accept")
    response.set_etag(tag)
    return _part(response, len(body)) if "Range" in flask.request.headers else response


def _part(response: Response, length: int) -> Response:
    """The part of an answer that the present request asks for."""
    try:
        return response.make_conditional(flask.request, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        # the view is over: nobody else would turn this into an answer
        refusal = flask.Response(status=416)
        refusal.headers["Content-Range"] = f"bytes */{length}"
        refusal.headers["Cache-Control"] = "private, no-store"
        return refusal
