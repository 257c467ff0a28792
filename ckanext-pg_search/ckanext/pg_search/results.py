"""What a search gives back of a dataset: the ``fl`` parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ckanext.pg_search.fields import PAYLOAD, SCALARS, is_multiple, is_stored
from ckanext.pg_search.tables import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

_COLUMNS = (SCALARS - {"title_string"}) | PAYLOAD


def field_list(fl: Any) -> list[str] | None:
    """Read the names of the fields that are wanted; None if all are."""
    text = " ".join(map(str, fl)) if isinstance(fl, list | tuple) else str(fl or "*")
    names = [name for name in re.split(r"[\s,]+", text) if name]
    return None if "*" in names else names


def columns(names: Sequence[str] | None, score: sa.ColumnElement[float]) -> list[Any]:
    """Return the columns to select; the large ones only if they are wanted."""
    if names is None:
        return [DOCUMENT.c.fields, *(DOCUMENT.c[name] for name in sorted(PAYLOAD))]
    chosen: list[Any] = [DOCUMENT.c[name] for name in dict.fromkeys(names) if name in _COLUMNS]
    if "score" in names:
        chosen.append(score.label("score"))
    if any(name not in _COLUMNS | {"score"} for name in names):
        chosen.append(DOCUMENT.c.fields)
    return chosen or [DOCUMENT.c.doc_no]


def to_document(row: Mapping[str, Any], names: Sequence[str] | None) -> dict[str, Any]:
    """Turn a row into the dictionary that Solr would give back."""
    found = {name: row[name] for name in row if name in _COLUMNS | {"score"}}
    for name, values in row.get("fields", {}).items():
        if names is None or name in names:
            found[name] = list(values) if is_multiple(name) else values[0]
    return {
        name: value
        for name, value in found.items()
        if value is not None and (name == "score" or is_stored(name))
    }
