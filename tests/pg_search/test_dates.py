"""Moments in queries and documents."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ckanext.pg_search.dates import as_text, parse_query, parse_stored
from ckanext.pg_search.errors import QueryNotUnderstoodError

NOW = datetime(2026, 3, 31, 13, 45, 30, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("2014-06-10T08:24:12.782257Z", "2014-06-10T08:24:12.782Z"),
        ("NOW", "2026-03-31T13:45:30.123Z"),
        ("NOW/DAY", "2026-03-31T00:00:00.000Z"),
        ("NOW/DAY-7DAYS", "2026-03-24T00:00:00.000Z"),
        ("NOW-1MONTH", "2026-02-28T13:45:30.123Z"),
        ("NOW+1YEAR/MONTH", "2027-03-01T00:00:00.000Z"),
        ("NOW-2HOURS+3MINUTES-4SECONDS", "2026-03-31T11:48:26.123Z"),
        ("2020-02-29T00:00:00Z-1YEAR", "2019-02-28T00:00:00.000Z"),
    ],
)
def test_solr_notation_of_moments_is_understood(text: str, expected: str) -> None:
    assert as_text(parse_query(text, NOW)) == expected


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2020-01-01", "2020-13-01T00:00:00Z", "NOW-1", "NOW-1FORTNIGHT",
     "NOW/DAY foo",     "NOW-999999YEARS", "now", "2020-01-01T00:00:00Z; DROP TABLE package"],
)  # fmt: skip
def test_other_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QueryNotUnderstoodError, match="2026-01-31T23:59:59Z"):
        parse_query(text, NOW)


def test_stored_moments_are_cut_to_milliseconds_of_utc() -> None:
    moment = parse_stored("2019-10-10T03:15:00.9999+02:00")
    assert moment == datetime(2019, 10, 10, 1, 15, 0, 999000, tzinfo=UTC)


def test_what_is_no_date_is_not_stored() -> None:
    assert parse_stored("30/062012") is None
