"""Conditions on string fields: whole values, lists of values, wildcards, ranges, presence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ckanext.pg_search.fields import ARRAYS, SCALARS
from ckanext.pg_search.tables import DOCUMENT

NAMES = "_fields"
"""Key in a document that lists the names of its fields; index look-ups can ask for it."""

Condition = sa.ColumnElement[bool]
_Test = Callable[[sa.ColumnElement[str]], Condition]


def equals(field: str, values: Sequence[str]) -> Condition:
    """Return the condition that a field has one of the values."""
    if field in SCALARS:
        return DOCUMENT.c[field].in_(values)
    if field in ARRAYS:
        return DOCUMENT.c[field].op("&&", is_comparison=True)(_array(values))
    return sa.or_(sa.false(), *(_contains({field: [value]}) for value in values))


def like(field: str, pattern: str) -> Condition:
    """Return the condition that a value matches a pattern of ``LIKE``, escaped by backslashes."""
    return _any_value(field, lambda value: value.like(pattern, escape="\\"))


def contains(field: str, part: str) -> Condition:
    """Return the condition that the value contains a text, whatever its case."""
    value = DOCUMENT.c[field] if field in SCALARS else DOCUMENT.c.fields[field][0].astext
    return sa.func.lower(value).like(f"%{escape_like(part.lower())}%", escape="\\")


def between(field: str, low: Bound, high: Bound) -> Condition:
    """Return the condition that a value lies between two texts, ordered by code points."""
    return _any_value(field, lambda value: in_range(value.collate("C"), low, high))


def exists(field: str) -> Condition:
    """Return the condition that a field has a value."""
    if field in SCALARS:
        return DOCUMENT.c[field].is_not(None)
    if field in ARRAYS:
        return sa.func.cardinality(DOCUMENT.c[field]) > 0
    return has_name(DOCUMENT, field)


def has_name(document: sa.FromClause, field: str) -> Condition:
    """Return the condition that a document has a field without a column of its own."""
    return document.c.fields.contains(sa.literal({NAMES: [field]}, JSONB))


def escape_like(text: str) -> str:
    """Escape what has a meaning in a pattern of ``LIKE``."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


Bound = tuple[Any, bool] | None
"""End of a range: the value and whether it belongs to the range; None if the range is open."""


def in_range(value: sa.ColumnElement[Any], low: Bound, high: Bound) -> Condition:
    """Return the condition that an expression lies within a range."""
    tests = [value.is_not(None)]
    if low is not None:
        tests.append(value >= low[0] if low[1] else value > low[0])
    if high is not None:
        tests.append(value <= high[0] if high[1] else value < high[0])
    return sa.and_(*tests)


def _any_value(field: str, test: _Test) -> Condition:
    if field in SCALARS:
        return test(DOCUMENT.c[field])
    if field in ARRAYS:
        values = sa.func.unnest(DOCUMENT.c[field])
    else:
        values = sa.func.jsonb_array_elements_text(DOCUMENT.c.fields[field])
    value = values.table_valued("value").render_derived()
    found = sa.exists(sa.select(1).select_from(value).where(test(sa.cast(value.c.value, sa.Text))))
    return found if field in ARRAYS else sa.and_(exists(field), found)


def _contains(part: dict[str, list[str]]) -> Condition:
    return DOCUMENT.c.fields.contains(sa.literal(part, JSONB))


def _array(values: Sequence[str]) -> sa.ColumnElement[Any]:
    return sa.cast(list(values), ARRAY(sa.Text(collation="C")))
