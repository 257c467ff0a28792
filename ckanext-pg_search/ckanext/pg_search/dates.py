"""Moments in queries and documents: ISO 8601 with ``Z`` and Solr's date arithmetic.

Everything is UTC and cut to milliseconds, which is what Solr keeps and what CKAN compares with.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from dateutil.parser import isoparse

from ckanext.pg_search.errors import QueryNotUnderstoodError

_MOMENT = re.compile(r"(NOW|\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)(.*)", re.ASCII)
_STEP = re.compile(r"(/|[+-]\d{1,6})([A-Z]+)", re.ASCII)
_UNITS = {
    "YEAR": "year",
    "MONTH": "month",
    "DAY": "day",
    "DATE": "day",
    "HOUR": "hour",
    "MINUTE": "minute",
    "SECOND": "second",
    "MILLI": "millisecond",
    "MILLISECOND": "millisecond",
}
_SMALLEST = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}


def milliseconds(moment: datetime) -> datetime:
    """Cut a moment to milliseconds in UTC; a moment without time zone is UTC already."""
    aware = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)


def as_text(moment: datetime) -> str:
    """Write a moment the way Solr gives it back, such as ``2014-06-10T08:24:12.782Z``."""
    return milliseconds(moment).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def parse_stored(value: object) -> datetime | None:
    """Read a date of a document; None if it is none."""
    if isinstance(value, datetime):
        return milliseconds(value)
    try:
        return milliseconds(isoparse(str(value)))
    except (ValueError, OverflowError):
        return None


def parse_query(text: str, now: datetime) -> datetime:
    """Read a date of a query, with arithmetic such as ``NOW/DAY-7DAYS``.

    Raises
    ------
    QueryNotUnderstoodError
        If it is no date in Solr's notation, or out of the range of years 1 to 9999.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise QueryNotUnderstoodError(_complaint(text))
    try:
        moment = now if match[1] == "NOW" else milliseconds(isoparse(match[1]))
        return milliseconds(_calculate(moment, match[2], text))
    except (ValueError, OverflowError) as error:
        raise QueryNotUnderstoodError(_complaint(text)) from error


def _complaint(text: str) -> str:
    return (
        f"Invalid date {text!r}: write it like 2026-01-31T23:59:59Z or NOW, "
        "optionally with steps such as /DAY or -7DAYS"
    )


def _calculate(moment: datetime, steps: str, text: str) -> datetime:
    end = 0
    for match in _STEP.finditer(steps):
        unit = _UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("S"))
        if match.start() != end or unit is None:
            raise QueryNotUnderstoodError(_complaint(text))
        moment = _rounded(moment, unit) if match[1] == "/" else _moved(moment, int(match[1]), unit)
        end = match.end()
    if end != len(steps):
        raise QueryNotUnderstoodError(_complaint(text))
    return moment


def _rounded(moment: datetime, unit: str) -> datetime:
    if unit == "millisecond":
        return milliseconds(moment)
    kept = ["year", *_SMALLEST].index(unit)
    smaller = dict(list(_SMALLEST.items())[kept:])
    return moment.replace(microsecond=0, **smaller)


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    if unit in ("year", "month"):
        return _months_later(moment, count * (12 if unit == "year" else 1))
    return moment + timedelta(**{f"{unit}s": count})


def _months_later(moment: datetime, months: int) -> datetime:
    """Move by calendar months; the last of a month stays inside the month it moves to."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
