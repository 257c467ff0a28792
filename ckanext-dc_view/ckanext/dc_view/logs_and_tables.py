"""Logs and tables of a measurement, out of its record: each answer costs one statement.

A record may be 60 MB large, and PostgreSQL unpacks it as a whole for each statement. So nothing
here asks twice, and pieces are cut out by position instead of unfolding a whole table.
"""

# ruff: noqa: S608 - statements are put together from constants of this package only
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import errors, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.dc_view.subject import Subject

#: Positions within JSON arrays are 32-bit numbers.
_LAST_START = 2_000_000_000
_AT_ONCE = 5000
_LOGS = sa.text(f"""
SELECT DISTINCT ON (l.key) l.key AS name, o.origin, jsonb_array_length(l.value) AS lines,
       octet_length(l.value::text) AS characters
FROM {stored.LOGS}
WHERE jsonb_typeof(l.value) = 'array'
ORDER BY l.key, o.origin DESC
""")
#: A piece of an array is cut out by position; what lies beyond its end is left out.
_LINES = sa.text(f"""
SELECT jsonb_array_length(l.value) AS total, jsonb_path_query_array(
  l.value, '$[$first to $last]', jsonb_build_object(
  'first', CAST(:start AS bigint), 'last', CAST(:start AS bigint) + :count - 1)) AS lines
FROM {stored.LOG} WHERE jsonb_typeof(l.value) = 'array'
""")
_MATCHES = sa.text(f"""
SELECT jsonb_array_length(l.value) AS total, (
  SELECT COALESCE(jsonb_agg(
    jsonb_build_object('line', found.line, 'text', found.text) ORDER BY found.line), '[]')
  FROM (
    SELECT t.line, t.text FROM jsonb_array_elements_text(l.value)
      WITH ORDINALITY AS t (text, line)
    WHERE strpos(lower(t.text), lower(:search)) > 0 ORDER BY t.line LIMIT :count
  ) AS found
) AS matches
FROM {stored.LOG} WHERE jsonb_typeof(l.value) = 'array'
""")
_TABLES = sa.text(f"""
SELECT t.key AS name, b.columns, jsonb_array_length(b.rows) AS rows
FROM {stored.TABLES} WHERE jsonb_typeof(b.rows) = 'array'
""")
_ROWS = sa.text(f"""
SELECT b.columns, jsonb_array_length(b.rows) AS total, jsonb_path_query_array(
  b.rows, '$[$first to $last]', jsonb_build_object(
  'first', CAST(:start AS bigint), 'last', CAST(:start AS bigint) + :count - 1)) AS rows
FROM {stored.TABLE} WHERE jsonb_typeof(b.rows) = 'array'
""")
#: As JSON, in pieces of so many rows, after one with the names of the columns.
_WHOLE = sa.text(f"""
SELECT CAST(p.cells AS text) AS cells FROM {stored.TABLE}
CROSS JOIN LATERAL (
  SELECT -1, jsonb_build_array(b.columns) UNION ALL
  SELECT first, jsonb_path_query_array(b.rows, '$[$first to $last]',
    jsonb_build_object('first', first, 'last', first + :count - 1))
  FROM generate_series(0, jsonb_array_length(b.rows) - 1, :count) AS first
) AS p (first, cells)
WHERE jsonb_typeof(b.rows) = 'array' ORDER BY p.first
""")


@dataclass(frozen=True)
class Log:
    """A log of a measurement.

    Attributes
    ----------
    name
        Its name.
    origin
        ``original`` or ``condensed``: the file it is in.
    lines, characters
        Its length.
    """

    name: str
    origin: str
    lines: int
    characters: int


@dataclass(frozen=True)
class Table:
    """A table of a measurement: its name, the names of its columns, and how many rows it has."""

    name: str
    columns: list[str] | None
    rows: int


def logs(subject: Subject) -> list[Log]:
    """All logs, sorted by name without regard to case."""
    found = [Log(**row._mapping) for row in stored.every(_LOGS, subject)]  # noqa: SLF001
    return sorted((log for log in found if log.lines), key=lambda log: log.name.casefold())


def lines(subject: Subject, name: str, start: int, count: int) -> tuple[int, list[str]]:
    """Number of all lines of a log, and some of them.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    row = _one(_LINES, subject, name=name, start=min(start, _LAST_START), count=count)
    return row.total, row.lines


def matches(
    subject: Subject, name: str, search: str, count: int
) -> tuple[int, list[dict[str, Any]]]:
    """Number of all lines of a log, and the first ones with `search` in them (``line``, ``text``).

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    row = _one(_MATCHES, subject, name=name, search=search, count=count)
    return row.total, row.matches


def tables(subject: Subject) -> list[Table]:
    """All tables, sorted by name without regard to case."""
    found = [Table(**row._mapping) for row in stored.every(_TABLES, subject)]  # noqa: SLF001
    return sorted(found, key=lambda table: table.name.casefold())


def rows(subject: Subject, name: str, start: int, count: int) -> tuple[Table, list[list[Any]]]:
    """A table, and some of its rows as flat lists of numbers, texts and None.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    row = _one(_ROWS, subject, name=name, start=min(start, _LAST_START), count=count)
    return Table(name, row.columns, row.total), [flattened(cells) for cells in row.rows]


def pieces(subject: Subject, name: str) -> Iterator[str]:
    """A whole table as JSON: a list of the names of its columns, then lists of rows.

    Each is parsed by whoever asked; there are never two in memory.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    given = stored.where(subject) | {"name": name, "count": _AT_ONCE}
    found = model.Session.execute(_WHOLE, given, execution_options={"yield_per": 1})
    first = next(found, None)
    if first is None:
        raise errors.NoSuchTextError
    yield first.cells
    yield from (piece.cells for piece in found)


def flattened(cells: Any) -> list[Any]:
    """A row without its nesting: dclab writes named tables with the shape (N, 1)."""
    if not isinstance(cells, list):
        return [cells]
    return [value for cell in cells for value in flattened(cell)]


def _one(statement: sa.TextClause, subject: Subject, **given: Any) -> Any:
    row = model.Session.execute(statement, stored.where(subject) | given).one_or_none()
    if row is None:
        raise errors.NoSuchTextError
    return row
