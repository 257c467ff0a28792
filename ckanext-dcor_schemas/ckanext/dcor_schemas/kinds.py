"""Ids are texts and numbers of pages are numbers, before any action looks at them.

CKAN hands what it is sent to the database, which does not compare a text with a number or a list.
So every action would have to expect that; here it is refused once for all, with the key and what
would be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.datastructures import MultiDict

TEXT = "Must be text"
TEXTS = "Must be a list of texts"
NUMBER = "Must be a whole number"
_LARGEST = 2**31 - 1

#: Parameters of actions that name something, or say how to look for it.
_TEXT_KEYS = frozenset(
    {
        *("id", "name_or_id", "package_id", "resource_id", "organization_id", "owner_org"),
        *("org_id", "group_id", "user_id", "username", "user", "vocabulary_id", "jti"),
        *("object", "object_type", "capacity", "role", "permission", "step", "group_type"),
        *("match__id", "match__name", "q", "query", "sort", "type", "email", "token"),
    }
)
_LIST_KEYS = frozenset({"datasets", "order", "fq_list", "organizations"})
_NUMBER_KEYS = frozenset({"rows", "start", "limit", "offset", "facet.limit", "facet.mincount"})


def find(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first parameter that is of the wrong kind, and what it must be; None if all are right."""
    for key, value in data.items():
        check = _check_of(key)
        if check is not None and value is not None and (problem := check(value)):
            return key, problem
    return None


def _check_of(key: str) -> Callable[[Any], str] | None:
    if key in _TEXT_KEYS:
        return _text
    if key in _LIST_KEYS:
        return _texts
    return _number if key in _NUMBER_KEYS else None


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else TEXT


def _texts(value: Any) -> str:
    entries = value if isinstance(value, list) else [value]
    return "" if all(isinstance(entry, str) for entry in entries) else TEXTS


def _number(value: Any) -> str:
    try:
        number = int(value) if isinstance(value, str) and value.strip() else value
    except ValueError:
        return NUMBER
    if number == "":
        return ""
    whole = isinstance(number, int) and not isinstance(number, bool)
    return "" if whole and -1 <= number <= _LARGEST else f"{NUMBER} from 0 to {_LARGEST}"


def sent() -> Mapping[str, Any]:
    """The parameters of the present request to the API, as CKAN reads them."""
    if request.method == "GET":
        return _single(request.args)
    if request.form:
        return _single(request.form)
    body = request.get_json(silent=True) if request.is_json or request.data else None
    return body if isinstance(body, dict) else {}


def _single(values: MultiDict[str, str]) -> dict[str, Any]:
    """What is sent once is a text, what is sent several times is a list."""
    listed = values.to_dict(flat=False).items()
    return {key: value[0] if len(value) == 1 else value for key, value in listed}
