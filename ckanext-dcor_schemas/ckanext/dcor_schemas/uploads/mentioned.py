"""What does a request mention? In every shape that CKAN's actions understand.

``package_update`` takes nested lists, forms send flattened keys, ``package_revise`` takes keys like
``update__resources__extend`` whose values may be JSON strings. All of them have in common that the
id of a new resource is the value of a key that is ``id`` or ends in ``__id``, somewhere below a key
that contains the word ``resources``.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_DEPTH = 8
#: Start of the keys of ``package_revise`` whose string values are JSON.
_JSON_KEY = "update"


def mentioned_resources(data: Mapping[str, Any], *, is_resource: bool = False) -> dict[str, str]:
    """Everything in a request that may be a resource: names (or nothing) by canonical UUID.

    Parameters
    ----------
    data
        What the client sent.
    is_resource
        Whether the request is itself a resource (``resource_create``).
    """
    found = dict(_walk(data, _MAX_DEPTH, inside=is_resource))
    return {text: name for text, name in found.items() if _is_uuid(text)}


def _walk(node: object, depth: int, *, inside: bool) -> Iterator[tuple[str, str]]:
    if depth == 0:
        return
    if isinstance(node, dict):
        name = node.get("name")
        for key, value in node.items():
            for resource_id, known in _walk_item(str(key), value, depth, inside=inside):
                beside = key == "id" and isinstance(name, str)
                yield resource_id, str(name) if beside else known
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _walk(value, depth - 1, inside=inside)


def _walk_item(key: str, value: object, depth: int, *, inside: bool) -> Iterator[tuple[str, str]]:
    inside = inside or "resources" in key
    if inside and isinstance(value, str) and (key == "id" or key.endswith("__id")):
        yield value, ""
    elif isinstance(value, str) and key.startswith(_JSON_KEY):
        yield from _walk(_parse(value), depth - 1, inside=inside)
    else:
        yield from _walk(value, depth - 1, inside=inside)


def requested_state(data: Mapping[str, Any]) -> object:
    """The ``state`` that a request wants the dataset to have, None if it says nothing."""
    nested = _parse(data.get("update"))
    candidates = [_parse(data.get("update__state")), data.get("state")]
    if isinstance(nested, dict):
        candidates.append(nested.get("state"))
    return next((value for value in candidates if value is not None), None)


def revised_dataset(data: Mapping[str, Any]) -> str | None:
    """Id or name of the dataset that a call of ``package_revise`` is about, in CKAN's order."""
    match = _parse(data.get("match"))
    match = match if isinstance(match, dict) else {}
    return _first_text(
        _parse(data.get("match__id")),
        match.get("id"),
        _parse(data.get("match__name")),
        match.get("name"),
    )


def changed_dataset(data: Mapping[str, Any]) -> str | None:
    """Id or name of the dataset that any other call is about."""
    return _first_text(data.get("id"), data.get("name"))


def _first_text(*candidates: object) -> str | None:
    return next((value for value in candidates if value and isinstance(value, str)), None)


def _parse(value: object) -> object:
    """What ``package_revise`` makes of a value: JSON where it is JSON, else the text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
