"""What others may keep of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask

if TYPE_CHECKING:
    from flask import Response


def keep_private() -> None:
    """Forbid every cache to keep the answer to the present request.

    CKAN marks answers as public by itself, also those about private data. Outside of a request
    there is no answer, and nothing to do.
    """
    if not flask.has_request_context():
        return
    flask.request.environ["__no_cache__"] = True
    flask.after_this_request(_no_store)


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
