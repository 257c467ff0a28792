"""The ``sort`` parameter in SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckanext.pg_search import points, strings
from ckanext.pg_search.errors import SortNotUnderstoodError
from ckanext.pg_search.fields import MOMENTS, SCALARS, Kind, kind_of
from ckanext.pg_search.tables import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

_ITEM = re.compile(
    r"\s*(?:field\(\s*([\w.\-]+)\s*,\s*(min|max)\s*\)|([\w.\-]+))\s+(asc|desc)\s*", re.IGNORECASE
)
_COMMA = re.compile(r",(?![^()]*\))")
DEFAULT = "score desc"


def order_by(sort: str, score: sa.ColumnElement[float] | None) -> Sequence[sa.ColumnElement[Any]]:
    """Return the expressions to sort by.

    Parameters
    ----------
    sort
        Names of fields with ``asc`` or ``desc``, separated by commas.
    score
        The score of a dataset; None if all have the same.

    Returns
    -------
    expressions : sequence of sqlalchemy.ColumnElement
        The last one is unique, so pages neither repeat nor miss a dataset.

    Raises
    ------
    SortNotUnderstoodError
        If the parameter cannot be read.
    """
    expressions = []
    for item in _COMMA.split(sort or DEFAULT):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise SortNotUnderstoodError(sort)
        field, is_descending = match[1] or match[3], match[4].lower() == "desc"
        if field != "score":
            largest = (match[2] or ("max" if is_descending else "min")).lower() == "max"
            expressions.append(_directed(_value(field, largest=largest), is_descending))
        elif score is not None:
            expressions.append(score.desc() if is_descending else score.asc())
    return [*expressions, DOCUMENT.c.doc_no]


def _directed(value: sa.ColumnElement[Any], is_descending: bool) -> sa.ColumnElement[Any]:  # noqa: FBT001
    """Sort datasets without a value to the end, in both directions."""
    return (value.desc() if is_descending else value.asc()).nulls_last()


def _value(field: str, *, largest: bool) -> sa.ColumnElement[Any]:
    if kind_of(field) in (Kind.NUMBER, Kind.DATE) or field in MOMENTS:
        return points.extreme(field, largest=largest)
    if field in SCALARS:
        return DOCUMENT.c[field]
    is_used = sa.exists(sa.select(1).select_from(_ANY).where(strings.has_name(_ANY, field)))
    return sa.case((is_used, DOCUMENT.c.fields[field][0].astext.collate("C")))


_ANY = DOCUMENT.alias("any_document")
