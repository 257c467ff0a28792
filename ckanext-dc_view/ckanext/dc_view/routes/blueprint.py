"""The blueprint of all routes: their common prefix, and errors as JSON."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Blueprint

from dcor_shared.objects.errors import ObjectMissingError, ObjectStoreError

from ckanext.dc_view import caching, errors

if TYPE_CHECKING:
    from ckanext.dc_view.caching import Answer

log = logging.getLogger(__name__)

dc_view = Blueprint("dc_view", __name__, url_prefix="/dataset/<uuid:did>/resource/<uuid:rid>")


@dc_view.errorhandler(errors.RequestError)
def refuse(error: errors.RequestError) -> Answer:
    """An error for programs; nobody may keep it."""
    answer = caching.json_answer({"error": error.code, "message": error.text}, error.status)
    if error.status == errors.BusyError.status:
        answer.headers["Retry-After"] = "2"
    return caching.never(answer)


@dc_view.errorhandler(ObjectMissingError)
def refuse_missing(_error: ObjectMissingError) -> Answer:
    """The object is not there (any more)."""
    return refuse(errors.NoOverviewError())


@dc_view.errorhandler(ObjectStoreError)
def refuse_for_now(error: ObjectStoreError) -> Answer:
    """The object store gave no definite answer."""
    log.error("The object store does not answer", exc_info=error)
    return refuse(errors.StoreUnavailableError())
