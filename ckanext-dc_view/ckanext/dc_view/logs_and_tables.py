"""Logs and tables of a measurement, out of its record: each answer costs one statement.

A record may be 60 MB large, and PostgreSQL unpacks it as a whole for each statement. So nothing
here asks twice, and pieces are cut out by position instead of unfolding a whole table.
"""

# ruff: noqa: S608 - statements are put together from constants of this package only
from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import errors, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.dc_view.subject import Subject

#: Positions within JSON arrays are 32-bit numbers.
_LAST_START = 2_000_000_000
#: Stored bytes of so many rows as are handled at once. A number takes 12 bytes at least, and as
#: text, which has no exponent, up to 330: these are 26 MB at most, and usually half of one.
_AT_ONCE = 2**20
#: Rows that are many times as long as the others, or longer than any table's, are refused.
_MOST_AT_ONCE = 4 * _AT_ONCE
_FITTING = f"greatest(1, {_AT_ONCE} / (pg_column_size(b.rows) / greatest(1, b.total) + 1))"
#: All rows (or lines) of ``b``, in pieces ``p.first`` and ``p.cells``.
_PIECES = f"""
    SELECT first, jsonb_path_query_array(b.rows, '$[$first to $last]',
      jsonb_build_object('first', first, 'last', first + {_FITTING} - 1))
    FROM generate_series(0, b.total - 1, {_FITTING}) AS first"""
_LOGS = sa.text(f"""
SELECT DISTINCT ON (l.key) l.key AS name, o.origin, jsonb_array_length(l.value) AS lines,
       octet_length(l.value::text) AS characters
FROM {stored.LOGS}
WHERE jsonb_typeof(l.value) = 'array'
ORDER BY l.key, o.origin DESC
""")
_LOG = f"""(
  SELECT l.value AS rows, jsonb_array_length(l.value) AS total
  FROM {stored.LOG} WHERE jsonb_typeof(l.value) = 'array' OFFSET 0
) AS b"""
#: A piece of an array is cut out by position; what lies beyond its end is left out.
_PIECE = f"""jsonb_path_query_array(
    b.rows, '$[$first to $last]', jsonb_build_object('first', CAST(:start AS bigint),
    'last', CAST(:start AS bigint) + least(:count, {_FITTING}) - 1))"""
_LINES = sa.text(f"SELECT b.total, {_PIECE} AS lines FROM {_LOG}")
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
#: After an empty piece, so that a log without lines is one, too.
_WHOLE_LOG = sa.text(f"""
SELECT p.cells AS lines FROM {_LOG}
CROSS JOIN LATERAL (SELECT -1, CAST('[]' AS jsonb) UNION ALL {_PIECES}) AS p (first, cells)
ORDER BY p.first
""")
_TABLES = sa.text(f"""
SELECT t.key AS name, b.columns, jsonb_array_length(b.rows) AS rows
FROM {stored.TABLES} WHERE jsonb_typeof(b.rows) = 'array'
""")
_COUNTED = f"""(
  SELECT b.columns, b.rows,
    CASE jsonb_typeof(b.rows) WHEN 'array' THEN jsonb_array_length(b.rows) END AS total
  FROM {stored.TABLE} OFFSET 0
) AS b"""
_ROWS = sa.text(f"""
SELECT p.columns, p.total,
  CASE WHEN pg_column_size(p.rows) <= {_MOST_AT_ONCE} THEN p.rows END AS rows
FROM (
  SELECT b.columns, b.total, {_PIECE} AS rows
  FROM {_COUNTED} WHERE b.total IS NOT NULL OFFSET 0
) AS p
""")
#: As JSON, in pieces of rows, after one with the names of the columns. What is sorted are stored
#: bytes, which are far fewer than those of the text.
_WHOLE = sa.text(f"""
SELECT CASE WHEN pg_column_size(p.cells) <= {_MOST_AT_ONCE} THEN CAST(p.cells AS text) END AS cells
FROM (
  SELECT p.cells FROM {_COUNTED}
  CROSS JOIN LATERAL (
    SELECT -1, jsonb_build_array(b.columns) UNION ALL {_PIECES}
  ) AS p (first, cells)
  WHERE b.total IS NOT NULL ORDER BY p.first OFFSET 0
) AS p
""")
_TOO_LONG = "Rows of this table are too long to be shown or saved; download the measurement."


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
    """Number of all lines of a log, and some of them; of long lines there are fewer than `count`.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    row = _one(_LINES, subject, name=name, start=min(start, _LAST_START), count=count)
    return row.total, row.lines


def all_lines(subject: Subject, name: str) -> Iterator[list[str]]:
    """All lines of a log, in pieces; there are never two in memory.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    found = stored.one_by_one(_WHOLE_LOG, subject, name=name)
    if next(found, None) is None:
        raise errors.NoSuchTextError
    yield from (piece.lines for piece in found)


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

    Of long rows there are fewer than `count`.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    UnreadableError
        If there are rows as long as no table has them.
    """
    row = _one(_ROWS, subject, name=name, start=min(start, _LAST_START), count=count)
    if row.rows is None:
        raise errors.UnreadableError(_TOO_LONG)
    return Table(name, row.columns, row.total), [flattened(cells) for cells in row.rows]


def pieces(subject: Subject, name: str) -> Iterator[str]:
    """A whole table as JSON: a list of the names of its columns, then lists of rows.

    Each is parsed by whoever asked; there are never two in memory.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    UnreadableError
        If there are rows as long as no table has them.
    """
    pieces = stored.one_by_one(_WHOLE, subject, name=name)
    first = next(pieces, None)
    if first is None:
        raise errors.NoSuchTextError
    for piece in chain([first], pieces):
        if piece.cells is None:
            raise errors.UnreadableError(_TOO_LONG)
        yield piece.cells


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
