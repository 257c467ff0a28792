"""Counting: how many datasets match, and how many of them have each value of a field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckanext.pg_search import strings
from ckanext.pg_search.errors import QueryNotUnderstoodError, QueryTooLargeError
from ckanext.pg_search.fields import ARRAYS, NGRAMS, PAYLOAD, SCALARS
from ckanext.pg_search.limits import check_text
from ckanext.pg_search.tables import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_FIELDS = 50
_TRUE = ("true", "on", "yes", "1")
_SECRET = frozenset({"permission_labels"}) | PAYLOAD | NGRAMS.keys()


@dataclass(frozen=True)
class Facets:
    """What to count.

    Parameters
    ----------
    fields
        Fields whose values are counted.
    limit
        Largest number of values of one field; negative for all.
    minimum
        Values of fewer datasets are left out (at least 1).
    """

    fields: tuple[str, ...] = ()
    limit: int = 100
    minimum: int = 1


@dataclass(frozen=True)
class Counts:
    """How many datasets match, and for each field pairs of value and count, largest first."""

    hits: int
    values: dict[str, list[tuple[str, int]]]


def wanted(params: Mapping[str, Any]) -> Facets:
    """Read what a request wants counted.

    Raises
    ------
    QueryNotUnderstoodError
        If a limit is not a number.
    QueryTooLargeError
        If there are too many fields.
    """
    if str(params.get("facet")).lower() not in _TRUE:
        return Facets()
    fields = _listed(params.get("facet.field"))
    if len(fields) > _MAX_FIELDS:
        raise QueryTooLargeError(f"More than {_MAX_FIELDS} facets in one search")
    limit = integer(params, "facet.limit", 100)
    return Facets(tuple(fields), limit, max(1, integer(params, "facet.mincount", 1)))


def integer(params: Mapping[str, Any], name: str, default: int) -> int:
    """Read a parameter that is an integer.

    Raises
    ------
    QueryNotUnderstoodError
        If it is none, or does not fit into 31 bits.
    """
    value = params.get(name)
    try:
        number = default if value is None else int(value)
    except (TypeError, ValueError) as error:
        raise QueryNotUnderstoodError(f"{name}={value!r} is no integer") from error
    if abs(number) >= 2**31:
        raise QueryNotUnderstoodError(f"{name}={value!r} is out of range")
    return number


def count(connection: sa.Connection, condition: sa.ColumnElement[bool], facets: Facets) -> Counts:
    """Count matching datasets and their values, all in one statement."""
    counted = [field for field in facets.fields if field not in _SECRET]
    columns = [DOCUMENT.c[field] for field in counted if field in SCALARS | ARRAYS]
    hits = (
        sa.select(DOCUMENT.c.doc_no, *columns)
        .where(condition)
        .cte("hits")
        .prefix_with("MATERIALIZED", dialect="postgresql")
        if counted
        else sa.select(DOCUMENT.c.doc_no).where(condition).cte("hits")
    )
    total = sa.select(
        sa.literal(-1).label("facet"), sa.null().label("value"), sa.func.count().label("hits")
    ).select_from(hits)
    parts = [_values(hits, number, field, facets) for number, field in enumerate(counted)]
    rows = connection.execute(sa.union_all(total, *parts)).all()
    values: dict[str, list[tuple[str, int]]] = {field: [] for field in facets.fields}
    for number, value, occurrences in rows:
        if number >= 0:
            values[counted[number]].append((value, occurrences))
    return Counts(next(row.hits for row in rows if row.facet == -1), values)


def _values(hits: sa.CTE, number: int, field: str, facets: Facets) -> sa.Select[Any]:
    """Select the values of a field among the hits with their counts."""
    each = _each_value(hits, field).subquery()
    occurrences = sa.func.count()
    order = [each.c.value] if facets.limit < 0 else [occurrences.desc(), each.c.value]
    counted = (
        sa.select(sa.literal(number).label("facet"), each.c.value, occurrences.label("hits"))
        .where(each.c.value.is_not(None))
        .group_by(each.c.value)
        .having(occurrences >= facets.minimum)
        .order_by(*order)
        .limit(None if facets.limit < 0 else facets.limit)
        .subquery()
    )
    return sa.select(counted)


def _each_value(hits: sa.CTE, field: str) -> sa.Select[Any]:
    if field in SCALARS:
        return sa.select(hits.c[field].label("value"))
    if field in ARRAYS:
        return sa.select(sa.func.unnest(hits.c[field]).label("value"))
    value = sa.func.jsonb_array_elements_text(DOCUMENT.c.fields[field]).collate("C")
    return (
        sa.select(value.label("value"))
        .join_from(hits, DOCUMENT, hits.c.doc_no == DOCUMENT.c.doc_no)
        .where(strings.has_name(DOCUMENT, field))
    )


def _listed(value: Any) -> list[str]:
    """Read names of fields, given as a list or as the JSON text of one; each counts once."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = [value]
    names = value if isinstance(value, list | tuple) else [value]
    return list(dict.fromkeys(check_text(str(name)) for name in names if name))
