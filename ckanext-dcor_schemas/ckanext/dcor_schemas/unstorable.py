"""Values that no database can store or compare are refused before anybody trips over them.

PostgreSQL takes neither the character NUL nor halves of surrogate pairs, JSON knows no infinite
numbers. All of them can be sent; without this module each place that stores or looks up a text
would have to expect them. The same holds for ids that are no texts (``kinds``).
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from flask import make_response, request

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Response

TEXT = "Must not contain the character NUL or halves of surrogate pairs"
NUMBER = "Must be a finite number"
TOO_DEEP = "The request is nested too deeply"
_BAD_REQUEST, _CONFLICT = 400, 409
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: A body without any of these is innocent; whole pairs and words like "NaN" are sorted out later.
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|NaN|Infinity|[eE]\+?[0-9]{3}")
#: The action that expects anything: its clients know its own texts, and rely on their form.
_EXPECTS_ANYTHING = "/action/dcserv"
#: Long numbers overflow without any exponent.
_LONG_NUMBER = re.compile(rb"[0-9]{309}")


def refuse() -> Response | None:
    """Answer a request that contains something that cannot be stored; None if it does not."""
    if request.path.endswith(_EXPECTS_ANYTHING):
        return None
    problem = _problem_of_address() or _problem_of_body() or _problem_of_kind()
    if problem is None:
        return None
    if not request.path.startswith("/api/"):
        tk.abort(_BAD_REQUEST, f"{problem[0]}: {problem[1]}")
    return _as_json(_CONFLICT, "Validation Error", {problem[0]: [problem[1]]})


def too_deep(_error: RecursionError) -> Response:
    """Answer a request whose JSON is nested so deeply that it cannot be read."""
    return _as_json(_BAD_REQUEST, "Integrity Error", {"message": TOO_DEEP})


def find(data: Any) -> tuple[str, str] | None:
    """The first value that cannot be stored: its key (``a__0__b``) and what is wrong with it."""
    return next(_walk(data, ()), None)


def _walk(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            shown = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", key)
            if shown != key:
                yield "__".join([*path, shown]), TEXT
            yield from _walk(value, (*path, shown))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _walk(value, (*path, str(number)))
    elif isinstance(node, str) and _UNSTORABLE.search(node):
        yield "__".join(path) or "message", TEXT
    elif isinstance(node, float) and not math.isfinite(node):
        yield "__".join(path) or "message", NUMBER


def _problem_of_address() -> tuple[str, str] | None:
    if "\x00" in request.path:
        return "path", TEXT
    if b"%00" not in request.query_string:
        return None
    return find(request.args.to_dict(flat=False))


def _problem_of_body() -> tuple[str, str] | None:
    if request.method not in {"POST", "PUT", "PATCH"}:
        return None
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return find(request.form.to_dict())
    body = request.get_data(cache=True)
    if not (_SUSPICIOUS.search(body) or _LONG_NUMBER.search(body)):
        return None
    try:
        return find(json.loads(body))
    except ValueError:
        return None  # CKAN says that this is no JSON


def _problem_of_kind() -> tuple[str, str] | None:
    if request.path.startswith("/api/"):
        _head, _mark, action = request.path.rpartition("/action/")
        return kinds.find(kinds.sent(), action)
    if request.method == "POST":
        about_members = "/member_new/" in request.path
        return kinds.find_in_form(request.form, is_member=about_members)
    return kinds.find_in_address(request.args)


def _as_json(status: int, kind: str, error: dict[str, Any]) -> Response:
    body = {"success": False, "error": {"__type": kind, **error}}
    response = make_response(json.dumps(body), status)
    response.content_type = "application/json;charset=utf-8"
    return response
