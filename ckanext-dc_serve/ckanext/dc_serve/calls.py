"""Calls of the action ``dcserv`` by HTTP: how they are recognised, what they are spared."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

import flask

from ckan.lib import app_globals
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

_MARK = "_spares_dcserv"
_BAD_REQUEST = 400


def is_call() -> bool:
    """Whether the present request calls the action."""
    if not flask.has_request_context() or flask.request.endpoint != "api.action":
        return False
    return (flask.request.view_args or {}).get("logic_function") == "dcserv"


def is_jsonp() -> bool:
    """Whether the answer to the present request will be wrapped into a function call."""
    return "callback" in flask.request.args


def put_into_envelope(response: Response) -> Response:
    """Give the answer to a call that CKAN cannot read the form that clients expect of every answer.

    CKAN answers a body that is no JSON object with a mere string.
    """
    if is_call() and response.status_code == _BAD_REQUEST and response.is_json:
        text = response.get_json(silent=True)
        if isinstance(text, str):
            error = {"__type": "Bad Request", "message": text}
            response.set_data(json.dumps({"help": _help(), "success": False, "error": error}))
    return response


def _help() -> str:
    return str(
        tk.url_for("api.action", logic_function="help_show", ver=3, name="dcserv", _external=True)
    )


def spare_the_look_for_changed_options() -> None:
    """Let calls of the action do without one statement and one commit.

    At the beginning of every request CKAN asks the database whether an administrator has changed
    the site's title, logo or style. This takes longer than everything that ``dcserv`` does, and
    ``dcserv`` uses none of them; the next request for anything else learns of the change.
    """
    kind = type(app_globals.app_globals)
    if not hasattr(kind._check_uptodate, _MARK):  # noqa: SLF001
        kind._check_uptodate = _spared(kind._check_uptodate)  # noqa: SLF001


def _spared(check: Callable[[object], None]) -> Callable[[object], None]:
    @functools.wraps(check)
    def check_unless_dcserv(self: object) -> None:
        if not is_call():
            check(self)

    setattr(check_unless_dcserv, _MARK, True)
    return check_unless_dcserv
