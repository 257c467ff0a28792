"""Conditions on numbers and dates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckanext.pg_search.dates import parse_query
from ckanext.pg_search.errors import QueryNotUnderstoodError
from ckanext.pg_search.fields import MOMENTS, Kind, kind_of
from ckanext.pg_search.strings import Bound, Condition, in_range
from ckanext.pg_search.tables import DOCUMENT, POINT

if TYPE_CHECKING:
    from datetime import datetime


def parse(field: str, text: str, now: datetime) -> Any:
    """Read a number or a date of a query.

    Returns
    -------
    value : float or datetime
        A datetime for the date fields with a column of their own; else a number, for dates
        seconds since 1970.

    Raises
    ------
    QueryNotUnderstoodError
        If the text is no number or date.
    """
    if kind_of(field) is Kind.NUMBER:
        return _number(field, text)
    moment = parse_query(text, now)
    return moment if field in MOMENTS else moment.timestamp()


def between(field: str, low: Bound, high: Bound) -> Condition:
    """Return the condition that a field has a value within a range."""
    if field in MOMENTS:
        return in_range(DOCUMENT.c[field], low, high)
    values = sa.select(POINT.c.doc_no).where(
        POINT.c.field == field, in_range(POINT.c.value, low, high)
    )
    return DOCUMENT.c.doc_no.in_(values)


def equals(field: str, value: Any) -> Condition:
    """Return the condition that a field has a value."""
    return between(field, (value, True), (value, True))


def exists(field: str) -> Condition:
    """Return the condition that a field has any value."""
    return between(field, None, None)


def extreme(field: str, *, largest: bool) -> sa.ColumnElement[Any]:
    """Return the smallest or largest value of a field, to sort by."""
    if field in MOMENTS:
        return DOCUMENT.c[field]
    value = sa.func.max(POINT.c.value) if largest else sa.func.min(POINT.c.value)
    return (
        sa.select(value)
        .where(POINT.c.doc_no == DOCUMENT.c.doc_no, POINT.c.field == field)
        .scalar_subquery()
    )


def _number(field: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise QueryNotUnderstoodError(
            f"Invalid number {text!r} for {field}: write it like 0.04, -5 or 1e3"
        ) from error
    if math.isnan(value) or "_" in text:
        raise QueryNotUnderstoodError(f"Invalid number {text!r} for {field}: nothing equals it")
    return value
