"""Calls of the action ``dcserv`` by HTTP: how they are recognised, what they are spared."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import flask

from ckan.lib import app_globals

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = "_spares_dcserv"


def is_call() -> bool:
    """Whether the present request calls the action."""
    if not flask.has_request_context() or flask.request.endpoint != "api.action":
        return False
    return (flask.request.view_args or {}).get("logic_function") == "dcserv"


def is_jsonp() -> bool:
    """Whether the answer to the present request will be wrapped into a function call."""
    return "callback" in flask.request.args


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
