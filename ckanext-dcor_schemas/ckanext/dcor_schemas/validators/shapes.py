"""Checks of the shape of a request, before anything else looks at it."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LISTS = ("resources", "tags", "groups", "extras")
_UPDATE = "update"
_NEEDS_LIST = "Must be a list of dictionaries"
#: A resource has at least one of these.
_IDENTITY = ("id", "name", "url", "upload")
_NO_NAME = {"name": ["Missing value"]}
_BAD_URL = {"url": ["Must be an address; leave it out, the server sets it"]}


def require_sound_lists(data: Mapping[str, Any]) -> None:
    """Refuse lists of a dataset that are none, and resources that occur twice.

    CKAN validates only resources that changed, so nobody would notice later that one of them was
    sent a second time.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        With the name of the list.
    """
    for name in _LISTS:
        value = data.get(name)
        if value is not None and not _is_list_of_dicts(value):
            raise _refusal(name, _NEEDS_LIST)
    _require_sound_resources(data.get("resources") or ())
    ids = Counter(str(r["id"]) for r in data.get("resources") or () if r.get("id"))
    twice = [resource_id for resource_id, count in ids.items() if count > 1]
    if twice:
        raise _refusal("resources", f"Sent more than once: {', '.join(twice)}")


def _require_sound_resources(resources: Sequence[Mapping[str, Any]]) -> None:
    """Refuse resources that CKAN would lose count of, or trip over before it validates them."""
    problems = [_problem_of_resource(resource) for resource in resources]
    if any(problems):
        raise tk.ValidationError({"resources": problems})


def _problem_of_resource(resource: Mapping[str, Any]) -> dict[str, list[str]]:
    if not any(resource.get(key) for key in _IDENTITY):
        return _NO_NAME
    return {} if _is_address(resource.get("url")) else _BAD_URL


def _is_address(value: object) -> bool:
    try:
        urlparse(value or "")  # type: ignore[type-var]
    except (AttributeError, TypeError, ValueError):
        return False
    return value is None or isinstance(value, str)


def require_sound_revision(data: Mapping[str, Any]) -> None:
    """Refuse a call of ``package_revise`` that puts something else where a list has to be.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        With the name of the list.
    """
    _require_text_of_names(data)
    _require_text_of_resource_ids(data)
    for name, value in _revised_lists(data):
        if not _is_list_of_dicts(value):
            raise _refusal(name, _NEEDS_LIST)
        if name == "resources":
            _require_sound_resources(value)
        if name == "extras" and (problem := kinds.extras(value)):
            raise _refusal(name, problem)


def _require_text_of_names(data: Mapping[str, Any]) -> None:
    """Ids and names of datasets are texts, also after CKAN has read them as JSON."""
    for part, name in product(("match", _UPDATE), ("id", "name")):
        nested = _parsed(data.get(part))
        values = [_parsed(data.get(f"{part}__{name}"))]
        values += [nested.get(name)] if isinstance(nested, dict) else []
        if any(value is not None and not isinstance(value, str) for value in values):
            raise tk.ValidationError({f"{part}__{name}": ["Must be text"]})


def _require_text_of_resource_ids(data: Mapping[str, Any]) -> None:
    """A revised resource may repeat its id, but not replace it by something else."""
    for key, value in data.items():
        revised = _parsed(value) if key.startswith("update__resources__") else None
        resource_id = revised.get("id") if isinstance(revised, dict) else None
        if resource_id is not None and not isinstance(resource_id, str):
            raise _refusal("resources", "The id of a resource must be text")


def _revised_lists(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    update = _parsed(data.get(_UPDATE))
    for name in _LISTS:
        if isinstance(update, dict) and name in update:
            yield name, update[name]
        for key in (f"{_UPDATE}__{name}", f"{_UPDATE}__{name}__extend"):
            if key in data:
                yield name, _parsed(data[key])


def _parsed(value: Any) -> Any:
    """What ``package_revise`` makes of a value: JSON where it is JSON, else the text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _refusal(name: str, text: str) -> tk.ValidationError:
    # CKAN wants the errors of tags to be dictionaries and fails on anything else.
    return tk.ValidationError({name: [{"name": [text]}] if name == "tags" else [text]})


def _is_list_of_dicts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
