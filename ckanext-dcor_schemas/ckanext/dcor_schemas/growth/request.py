"""Requests that do nothing but add resources to a dataset."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context, DataDict

_MATCH = frozenset({"match", "match__id", "match__name"})
_EXTEND = "update__resources__extend"
#: With any of these, callers inside CKAN want something special.
_SPECIAL = (
    "schema",
    "defer_commit",
    "return_id_only",
    "original_package",
    "for_edit",
    "for_view",
    "use_cache",
    "validate",
    "package",
)
_SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Growth:
    """A request to add resources to a dataset.

    Attributes
    ----------
    id, name
        What the dataset has to match; one of them is given.
    resources
        The new resources, as sent.
    """

    id: str | None
    name: str | None
    resources: tuple[dict[str, Any], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the new resources."""
        return tuple(resource["id"] for resource in self.resources)

    @property
    def reference(self) -> str:
        """By what the dataset is looked up."""
        return self.id or self.name or ""


def recognise(context: Context, data_dict: DataDict) -> Growth | None:
    """The request, if it is of this kind; None if CKAN has to look at it."""
    if any(context.get(key) is not None for key in _SPECIAL):
        return None
    if _EXTEND not in data_dict or set(data_dict) - _MATCH - {_EXTEND}:
        return None
    match, resources = _match(data_dict), _parsed(data_dict[_EXTEND])
    if match is None or not isinstance(resources, list) or not resources:
        return None
    if not all(_is_registration(resource) for resource in resources):
        return None
    found = Growth(match.get("id"), match.get("name"), tuple(map(dict, resources)))
    return found if found.reference and len(set(found.ids)) == len(resources) else None


def _match(data_dict: Mapping[str, Any]) -> dict[str, str] | None:
    nested = _parsed(data_dict.get("match", {}))
    if not isinstance(nested, dict) or set(nested) - {"id", "name"}:
        return None
    flat = {
        key: _parsed(data_dict[f"match__{key}"])
        for key in ("id", "name")
        if f"match__{key}" in data_dict
    }
    if any(key in nested and nested[key] != value for key, value in flat.items()):
        return None
    match = {**nested, **flat}
    return match if all(isinstance(value, str) for value in match.values()) else None


def _parsed(value: Any) -> Any:
    """What ``package_revise`` makes of a value: JSON where it is JSON, else the text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _is_registration(resource: Any) -> bool:
    return (
        isinstance(resource, dict)
        and text.is_uuid(resource.get("id"))
        and all(isinstance(value, _SCALARS) for value in resource.values())
        and not any(key.startswith("__") or key == "upload" for key in resource)
    )
