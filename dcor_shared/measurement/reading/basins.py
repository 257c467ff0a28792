"""Basin definitions that are stored in a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.reading.bounds import Budget, members
from dcor_shared.measurement.reading.texts import NoTextError, read_lines
from dcor_shared.measurement.reading.values import jsonable

if TYPE_CHECKING:
    import h5py

_MOST_BYTES, _MOST_BASINS = 10 * 1024**2, 1000
_TEXTS = ("description", "format", "identifier", "mapping", "name", "type")
_LISTS = ("features", "paths", "urls")


class BadBasinError(ValueError):
    """A basin definition that no client could use."""


def read_basins(h5file: h5py.File, notes: list[str]) -> list[dict[str, Any]]:
    """Basin definitions as stored, each with its ``key`` (the name of the dataset)."""
    basins = []
    budget = Budget(_MOST_BYTES)
    for key in members(h5file, "basins", _MOST_BASINS, notes):
        try:
            lines, _ = read_lines(h5file["basins"][key], budget)
            basins.append(_definition(" ".join(lines)) | {"key": key})
        except (NoTextError, OSError, RuntimeError, ValueError, RecursionError):
            notes.append(f"The basin '{key[:100]}' is left out: it cannot be read.")
    return basins


def _definition(text: str) -> dict[str, Any]:
    """The known keys of a definition, if all of them have the right type."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise BadBasinError("a basin is an object")
    definition: dict[str, Any] = {"perishable": bool(found.get("perishable"))}
    for key in (*_TEXTS, *_LISTS):
        if key in found:
            definition[key] = _checked(found[key], as_list=key in _LISTS)
    if not definition.get("type") or not definition.get("format"):
        raise BadBasinError("a basin has a type and a format")
    return definition


def _checked(value: Any, *, as_list: bool) -> Any:
    if value is None:
        return None
    texts = value if as_list else [value]
    if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
        raise BadBasinError("the parts of a basin are texts")
    return jsonable(value)
