"""Basin definitions that are stored in a file.

dclab looks for the features of an internal basin wherever its path leads. The vetting walk does
not open every contour (:mod:`dcor_shared.measurement.vetting.contours`), so only the group that
dclab itself writes is an internal basin here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.errors import BasinPathError
from dcor_shared.measurement.reading.bounds import Budget, members
from dcor_shared.measurement.reading.texts import NoTextError, read_lines
from dcor_shared.measurement.reading.values import jsonable

if TYPE_CHECKING:
    import h5py

_MOST_BYTES, _MOST_BASINS = 10 * 1024**2, 1000
_TEXTS = ("description", "format", "identifier", "mapping", "name", "type")
_LISTS = ("features", "paths", "urls")
#: Where the features of internal basins are.
INTERNAL_PATHS = ["basin_events"]


class BadBasinError(ValueError):
    """A basin definition that no client could use."""


def read_basins(h5file: h5py.File, notes: list[str]) -> list[dict[str, Any]]:
    """Basin definitions as stored, each with its ``key`` (the name of the dataset).

    Raises
    ------
    BasinPathError
        If an internal basin leads into ``events``.
    """
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
    if definition["type"] == "internal":
        _check_places(definition)
    return definition


def _check_places(basin: dict[str, Any]) -> None:
    """Refuse an internal basin whose paths, or names of features that are paths, lead astray."""
    features, paths = basin.get("features") or [], basin.get("paths") or []
    absolute = [f"/{path}" for path in paths] + [name for name in features if "/" in name]
    if any("events" in place.split("/") for place in absolute):
        raise BasinPathError(
            "An internal basin leads into the features of the file; its path has to be"
            f" '{INTERNAL_PATHS[0]}'."
        )
    if any("/" in name for name in features):
        raise BadBasinError("names of features are no paths")


def _checked(value: Any, *, as_list: bool) -> Any:
    if value is None:
        return None
    texts = value if as_list else [value]
    if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
        raise BadBasinError("the parts of a basin are texts")
    return jsonable(value)
