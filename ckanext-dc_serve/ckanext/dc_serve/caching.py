"""What others may keep of an answer, and how they learn that what they kept is still right.

CKAN marks answers as public by itself, also those about private data; how long they may be kept is
its option ``ckan.cache_expires``. Here the exceptions are made: answers about private data are kept
by nobody, and those about public data, which may become private, only by those who ask every time.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import flask

from ckanext.dc_serve import calls

if TYPE_CHECKING:
    from flask import Response

_OK = 200


def keep_private() -> None:
    """Forbid every cache to keep the answer to the present request.

    Outside of a request there is no answer, and nothing to do.
    """
    if not flask.has_request_context():
        return
    flask.request.environ["__no_cache__"] = True
    flask.after_this_request(_no_store)


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def revalidate(response: Response) -> Response:
    """Let caches ask every time, whatever the site's option says; to be called after CKAN."""
    if calls.is_call() and response.cache_control.public:
        response.cache_control.max_age = 0
    return response


def is_known(tag: str) -> bool:
    """Whether the client of the present request has the answer with this ETag already."""
    return (
        calls.is_call()
        and not calls.is_jsonp()
        and flask.request.method in {"GET", "HEAD"}
        and flask.request.if_none_match.contains_weak(tag)
    )


def not_modified(tag: str) -> None:
    """Answer the present request with 304 in the place of what its view returns."""

    def replace(response: Response) -> Response:
        return _not_modified(response, tag)

    flask.after_this_request(replace)


def add_tag(tag: str | None = None) -> None:
    """Give the answer to the present request an ETag: this one, or a hash of the answer.

    A client that has this answer already gets 304.
    """
    if not calls.is_call() or calls.is_jsonp():
        return

    def add(response: Response) -> Response:
        if response.status_code != _OK or "ETag" in response.headers:
            return response
        found = tag or hashlib.sha256(response.get_data()).hexdigest()[:32]
        response.set_etag(found)
        return _not_modified(response, found) if is_known(found) else response

    flask.after_this_request(add)


def vary_by_accept() -> None:
    """Tell caches that the answer to the present request depends on its header Accept."""
    if calls.is_call():
        flask.after_this_request(_vary_by_accept)


def _vary_by_accept(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def _not_modified(old: Response, tag: str) -> Response:
    response = flask.Response(status=304)
    for name in ("Cache-Control", "Vary"):
        if name in old.headers:
            response.headers[name] = old.headers[name]
    response.headers.pop("Content-Type", None)
    response.set_etag(tag)
    return response
