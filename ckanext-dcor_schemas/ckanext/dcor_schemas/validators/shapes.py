"""Checks of the shape of a request, before anything else looks at it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTS = ("resources", "tags", "groups", "extras")


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
            raise tk.ValidationError({name: ["Must be a list of dictionaries"]})
    ids = Counter(str(r["id"]) for r in data.get("resources") or () if r.get("id"))
    twice = [resource_id for resource_id, count in ids.items() if count > 1]
    if twice:
        raise tk.ValidationError({"resources": [f"Sent more than once: {', '.join(twice)}"]})


def _is_list_of_dicts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
