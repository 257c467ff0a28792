"""Ids are texts and numbers of pages are numbers, before any action or form looks at them.

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
LIST = "Must be a list"
TEXTS = "Must be a list of texts"
TRUTH = "Must be true or false"
EXTRAS = "Keys and values must be texts"
NUMBER = "Must be a whole number"
MISSING = "Missing value"
ONCE = "Must be sent once"
SORT = "Must say what to sort by"
_LARGEST = 2**31 - 1
_TRUTHS = frozenset(("true", "yes", "on", "y", "t", "1", "false", "no", "off", "n", "f", "0"))

#: Parameters that name something, or say how to look for it; texts that CKAN takes to pieces.
_TEXT_KEYS = frozenset(
    {
        *("id", "name_or_id", "package_id", "resource_id", "organization_id", "owner_org"),
        *("org_id", "group_id", "user_id", "username", "user", "vocabulary_id", "jti"),
        *("object", "object_type", "capacity", "role", "permission", "step", "group_type"),
        *("match__id", "match__name", "q", "query", "type", "email", "token"),
        *("name", "state", "license_id", "tag_string", "image_url", "about", "fullname"),
    }
)
_TRUTH_KEYS = frozenset(
    {
        *("use_default_schema", "all_fields", "available_only", "am_member", "ignore_self"),
        *("with_apitoken",),
    }
)
_NUMBER_KEYS = frozenset({"rows", "start", "limit", "offset"})
_LIST_KEYS = frozenset({"users", "packages", "extras", "resources"})
#: What actions need although CKAN does not say so.
_MEMBER = ("id", "username")
_REQUIRED: dict[str, tuple[str, ...]] = {
    "bulk_update_delete": ("datasets",),
    "bulk_update_private": ("datasets",),
    "bulk_update_public": ("datasets",),
    "group_autocomplete": ("q",),
    "group_member_create": _MEMBER,
    "group_member_delete": _MEMBER,
    "member_create": ("object_type",),
    "member_delete": ("object_type",),
    "organization_autocomplete": ("q",),
    "organization_member_create": _MEMBER,
    "organization_member_delete": _MEMBER,
}
#: Lists whose choice of groups is one of names; elsewhere groups are objects.
_CHOOSING = frozenset({"group_list", "organization_list"})
_CHOICES = frozenset({"groups", "organizations"})
#: Of all others null is as good as nothing.
_NEVER_NULL = frozenset({"resources", "fq_list", "q"})


def find(data: Mapping[str, Any], action: str = "") -> tuple[str, str] | None:
    """The first parameter that is of the wrong kind, and what it must be; None if all are right."""
    for key in _REQUIRED.get(action, ()):
        if data.get(key) is None:
            return key, MISSING
    for key, value in data.items():
        if value is None and key not in _NEVER_NULL:
            continue
        if problem := _check_of(key, action)(value):
            return key, problem
    return None


def find_in_address(arguments: Mapping[str, str]) -> tuple[str, str] | None:
    """The same for the address of a page: CKAN takes care of all but very large numbers."""
    page = arguments.get("page", "")
    if len(page) > len(str(_LARGEST)) - 1:
        return "page", NUMBER
    problem = _sort(arguments.get("sort", ""))
    return ("sort", problem) if problem else None


def find_in_form(values: MultiDict[str, str], *, is_member: bool = False) -> tuple[str, str] | None:
    """The same for the form of a page, in which everything is text.

    Parameters
    ----------
    is_member
        Whether the form is about a member of a group.
    """
    for key, texts in values.to_dict(flat=False).items():
        if key in _TEXT_KEYS and len(texts) > 1:
            return key, ONCE
        if key in _LIST_KEYS:
            return key, LIST
    return ("role", MISSING) if is_member and not values.get("role") else None


def _check_of(key: str, action: str) -> Callable[[Any], str]:
    if action in _CHOOSING and key in _CHOICES:
        return _text_or_texts
    if key in _TEXT_KEYS:
        return _text
    if key in _NUMBER_KEYS:
        return _number
    if key in _TRUTH_KEYS or key.startswith("include_"):
        return _truth
    return _SPECIAL.get(key, _anything)


def _anything(_value: Any) -> str:
    return ""


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else TEXT


def _sort(value: Any) -> str:
    if not isinstance(value, str):
        return TEXT
    return SORT if value and not value.strip() else ""


def _list(value: Any) -> str:
    return "" if isinstance(value, list) else LIST


def _texts(value: Any) -> str:
    is_right = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    return "" if is_right else TEXTS


def _text_or_texts(value: Any) -> str:
    return "" if isinstance(value, str) else _texts(value)


def _text_or_list(value: Any) -> str:
    return "" if isinstance(value, str) else _list(value)


def extras(value: Any) -> str:
    """What is wrong with the keys and values of a list of extras; CKAN replaces characters."""
    entries = value if isinstance(value, list) else []
    parts = [
        entry.get(name) for entry in entries if isinstance(entry, dict) for name in ("key", "value")
    ]
    return EXTRAS if any(isinstance(part, list | dict) for part in parts) else ""


def _truth(value: Any) -> str:
    known = str(value).strip().lower() in _TRUTHS
    return "" if isinstance(value, bool | str | int) and known else TRUTH


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return NUMBER
    try:
        number = int(value)
    except ValueError:
        return NUMBER
    return "" if 0 <= number <= _LARGEST else f"{NUMBER} from 0 to {_LARGEST}"


_SPECIAL: dict[str, Callable[[Any], str]] = {
    "datasets": _texts,
    "extras": extras,
    "order": _text_or_texts,
    "fl": _text_or_texts,
    "fq_list": _text_or_texts,
    "groups": _text_or_list,
    "organizations": _text_or_list,
    "resources": _list,
    "sort": _sort,
}


def sent() -> Mapping[str, Any]:
    """The parameters of the present request to the API, as CKAN reads them."""
    if request.method == "GET":
        return _single(request.args)
    if request.form:
        return _single(request.form)
    body = request.get_json(silent=True) if request.data else None
    return body if isinstance(body, dict) else {}


def _single(values: MultiDict[str, str]) -> dict[str, Any]:
    """What is sent once is a text, what is sent several times is a list."""
    listed = values.to_dict(flat=False).items()
    return {key: value[0] if len(value) == 1 else value for key, value in listed}
