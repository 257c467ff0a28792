"""Answers of CKAN's API as scripts (JSONP): only for other sites, only with a name as function.

CKAN writes whatever is asked for before its answer. As the policy of pages trusts the scripts of
this site, a page into which somebody has smuggled an element ``script`` could so run anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import flask

from ckanext.dc_view import caching

if TYPE_CHECKING:
    from ckanext.dc_view.caching import Answer

#: CKAN answers with scripts to these only, and nowhere but in its API.
_METHODS = frozenset({"GET", "HEAD"})
_NAME = re.compile(r"[A-Za-z_$][\w$.]{0,63}", re.ASCII)
_TEXT = (
    "'callback' has to be the name of a function, for pages of other sites; this site's own pages"
    " have to ask without it."
)


def refuse() -> Answer | None:
    """An answer to requests for scripts that no other site needs; None for all others."""
    if flask.request.blueprint != "api" or flask.request.method not in _METHODS:
        return None
    names = flask.request.args.getlist("callback")
    # browsers say so, and no page can say anything else
    is_own = flask.request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not names or (all(map(_NAME.fullmatch, names)) and not is_own):
        return None
    error = {"__type": "Bad Request", "message": _TEXT}
    return caching.never(caching.json_answer({"success": False, "error": error}, 400))
