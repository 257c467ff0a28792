"""The blueprint of all routes: their common prefix, and errors as JSON or pages."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

import flask
from flask import Blueprint

from ckan.plugins import toolkit as tk

from dcor_shared.objects.errors import ObjectMissingError, ObjectStoreError

from ckanext.dc_view import caching, errors, parameters, waiting
from ckanext.dc_view.caching import Answer

log = logging.getLogger(__name__)

#: How often a page asks again by itself, and the parameter that counts it.
_MOST_ROUNDS = 120
_ROUND = "again"

dc_view = Blueprint("dc_view", __name__, url_prefix="/dataset/<uuid:did>/resource/<uuid:rid>")


@dc_view.errorhandler(errors.RequestError)
def refuse(error: errors.RequestError) -> Answer:
    """An error, as JSON or, for somebody who followed a link, as a page; nobody may keep it."""
    is_later = error.status == errors.BusyError.status
    if _is_person():
        answer = _page(error)
    else:
        answer = caching.json_answer({"error": error.code, "message": error.text}, error.status)
    if is_later:
        answer.headers["Retry-After"] = str(waiting.AGAIN_SECONDS)
    answer.vary.add("Accept")
    return caching.never(answer)


def _is_person() -> bool:
    """Whether a browser wants to show the answer; scripts of the page take anything."""
    accepted = flask.request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _page(error: errors.RequestError) -> Answer:
    text, refresh = error.text, None
    if isinstance(error, errors.BusyError):
        # the browser asks again, and a download begins by itself
        refresh = _refresh()
        text = f"{text} {_advice(refresh)}"
    shown = {"code": error.status, "content": text}
    body = tk.render("error_document_template.html", shown)
    answer = Answer(body, status=error.status, mimetype="text/html")
    if refresh is not None:
        answer.headers["Refresh"] = refresh
    return answer


def _advice(refresh: str | None) -> str:
    if refresh is None:
        return str(tk._("Please try again later, or tell those who run this site."))
    return str(tk._("You need not do anything: this page asks again by itself."))


def _refresh() -> str | None:
    """When and what to ask again; None for a page that has done so often enough."""
    try:
        round_ = parameters.number(flask.request.args, _ROUND, 0) + 1
    except errors.BadParametersError:
        return None
    if round_ > _MOST_ROUNDS:
        return None
    asked = flask.request.args.items(multi=True)
    query = [(name, text) for name, text in asked if name != _ROUND]
    again = urlencode([*query, (_ROUND, str(round_))], errors="replace")
    return f"{waiting.AGAIN_SECONDS}; url=?{again}"


@dc_view.errorhandler(ObjectMissingError)
def refuse_missing(_error: ObjectMissingError) -> Answer:
    """The object is not there (any more)."""
    return refuse(errors.NoOverviewError())


@dc_view.errorhandler(ObjectStoreError)
def refuse_for_now(error: ObjectStoreError) -> Answer:
    """The object store gave no definite answer."""
    log.error("The object store does not answer", exc_info=error)
    return refuse(errors.StoreUnavailableError())
