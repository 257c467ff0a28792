"""Moments as CKAN stores them: UTC, without a time zone; whatever the clock of the server says."""

from __future__ import annotations

import datetime as dt

_DAYS_OF_MONTH = 31


def days_ago(days: float) -> dt.datetime:
    """The moment so many days ago; -1 lies in the future, so that everything is older."""
    return now() - dt.timedelta(days=days)


def months_ago(months: float) -> dt.datetime:
    """The moment so many months of 31 days ago."""
    return days_ago(months * _DAYS_OF_MONTH)


def now() -> dt.datetime:
    """The present moment."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
