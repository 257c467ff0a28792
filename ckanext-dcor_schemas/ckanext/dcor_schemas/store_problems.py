"""Problems with the object store as answers that say so: 503, and never a Retry-After."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import g, has_request_context

from dcor_shared.objects.errors import ObjectStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Response

log = logging.getLogger(__name__)

_INTERNAL_ERROR = 500
_UNAVAILABLE = 503
TEXT = "The object store has a problem at the moment; nothing was changed, please try again later"


@contextmanager
def store_problems() -> Iterator[None]:
    """Remember that the object store was the reason when a request fails.

    CKAN's API makes a 500 without words of every unknown exception; :func:`explain` turns it into
    what it is. What exactly happened is only for the log: it may name internal addresses.
    """
    try:
        yield
    except ObjectStoreError:
        log.exception("Problem with the object store")
        if has_request_context():
            g.dcor_schemas_store_problem = True
        raise


def explain(response: Response) -> Response:
    """Turn the answer of a request that failed because of the object store into a 503."""
    if g.pop("dcor_schemas_store_problem", False) and response.status_code == _INTERNAL_ERROR:
        error = {"__type": "Object Store Error", "message": TEXT}
        response.status_code = _UNAVAILABLE
        response.set_data(json.dumps({"success": False, "error": error}))
        response.content_type = "application/json;charset=utf-8"
    return response
