"""The answers of ``dcserv`` that come from the record alone: pure functions, tested without CKAN.

PostgreSQL's JSONB neither keeps the order of keys nor tells ``1.0`` from ``1`` in every case; what
clients rely on is restored here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = Any


def metadata(original: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """Sections and keys of the measurement's configuration, sorted."""
    sections = original["metadata"]
    return {section: dict(sorted(sections[section].items())) for section in sorted(sections)}


def size(original: Mapping[str, Json]) -> int:
    """Number of events."""
    return int(original["metadata"]["experiment"]["event count"])


def trace_list(original: Mapping[str, Json]) -> list[str]:
    """Names of the traces, sorted; empty if there are none."""
    return sorted(original.get("trace_list") or [])


def logs(
    original: Mapping[str, Json] | None, condensed: Mapping[str, Json] | None
) -> dict[str, list[str]]:
    """Logs of the original, and those that only the condensed file has; empty ones are left out."""
    merged = {**(condensed or {}), **(original or {})}
    return {name: merged[name] for name in sorted(merged) if merged[name]}


def tables(stored: Mapping[str, Json] | None) -> dict[str, list[Json]]:
    """Tables as ``[columns, rows]``; ``columns`` is None for tables without names.

    Clients reinterpret the bytes of named tables as float64: every number in them is sent as a
    float, because a table of integers alone would be decoded to garbage.
    """
    return {name: _table(*rows) for name, rows in sorted((stored or {}).items())}


def _table(columns: list[str] | None, rows: list[Json]) -> list[Json]:
    return [columns, rows if columns is None else _as_floats(rows)]


def _as_floats(value: Json) -> Json:
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    if isinstance(value, int):
        return float(value)
    return value


def condensed_features(
    condensed: Mapping[str, Json] | None, *, with_upstream: bool
) -> list[str] | None:
    """Features that readers find through the condensed file, None while there is no such file.

    Parameters
    ----------
    condensed
        What the step ``condense`` noted.
    with_upstream
        Whether the features of measurements that this one was derived from are listed as well.
    """
    if not condensed:
        return None
    names = set(condensed["features"])
    if with_upstream:
        names.update(condensed.get("basin_features") or [])
    return sorted(names)
