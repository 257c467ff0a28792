"""Logs and tables of a measurement, out of its record: each answer costs one statement.

A record may be 60 MB large, and PostgreSQL unpacks it as a whole for each statement. So nothing
here asks twice, and pieces are cut out by position instead of unfolding a whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.dc_view.subject import Subject

#: Positions within JSON arrays are 32-bit numbers.
_LAST_START = 2_000_000_000
_AT_ONCE = 5000
#: A log of the original hides one of the same name in the condensed file.
_LOGS = sa.text("""
SELECT DISTINCT ON (l.key) l.key AS name, o.origin, jsonb_array_length(l.value) AS lines,
       octet_length(l.value::text) AS characters
FROM (
  SELECT d.original->'logs' AS original, d.condensed->'logs' AS condensed FROM dcor_record d
  WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0
) AS d
CROSS JOIN LATERAL (VALUES ('original', d.original), ('condensed', d.condensed))
  AS o (origin, logs)
CROSS JOIN LATERAL jsonb_each(
  CASE jsonb_typeof(o.logs) WHEN 'object' THEN o.logs ELSE '{}' END
) AS l (key, value)
WHERE jsonb_typeof(l.value) = 'array'
ORDER BY l.key, o.origin DESC
""")
#: A piece of an array is cut out by position; what lies beyond its end is left out.
_LINES = sa.text("""
SELECT jsonb_array_length(l.value) AS total, jsonb_path_query_array(
  l.value, '$[$first to $last]', jsonb_build_object(
  'first', CAST(:start AS bigint), 'last', CAST(:start AS bigint) + :count - 1)) AS lines
FROM (
  SELECT COALESCE(d.original #> ARRAY['logs', :name], d.condensed #> ARRAY['logs', :name]) AS value
  FROM dcor_record d WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0
) AS l WHERE jsonb_typeof(l.value) = 'array'
""")
_MATCHES = sa.text("""
SELECT jsonb_array_length(l.value) AS total, (
  SELECT COALESCE(jsonb_agg(
    jsonb_build_object('line', found.line, 'text', found.text) ORDER BY found.line), '[]')
  FROM (
    SELECT t.line, t.text FROM jsonb_array_elements_text(l.value)
      WITH ORDINALITY AS t (text, line)
    WHERE strpos(lower(t.text), lower(:search)) > 0 ORDER BY t.line LIMIT :count
  ) AS found
) AS matches
FROM (
  SELECT COALESCE(d.original #> ARRAY['logs', :name], d.condensed #> ARRAY['logs', :name]) AS value
  FROM dcor_record d WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0
) AS l WHERE jsonb_typeof(l.value) = 'array'
""")
_TABLES = sa.text("""
SELECT t.key AS name, b.columns, jsonb_array_length(b.rows) AS rows
FROM (
  SELECT d.original->'tables' AS tables FROM dcor_record d
  WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0
) AS d
CROSS JOIN LATERAL jsonb_each(
  CASE jsonb_typeof(d.tables) WHEN 'object' THEN d.tables ELSE '{}' END
) AS t (key, value)
CROSS JOIN LATERAL (SELECT t.value->0, t.value->1 OFFSET 0) AS b (columns, rows)
WHERE jsonb_typeof(b.rows) = 'array'
""")
#: ``OFFSET 0`` lets PostgreSQL unpack the table once, and not wherever it is mentioned.
_ROWS = sa.text("""
SELECT b.columns, jsonb_array_length(b.rows) AS total, jsonb_path_query_array(
  b.rows, '$[$first to $last]', jsonb_build_object(
  'first', CAST(:start AS bigint), 'last', CAST(:start AS bigint) + :count - 1)) AS rows
FROM (
  SELECT d.original #> ARRAY['tables', :name] AS value FROM dcor_record d
  WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0
) AS t CROSS JOIN LATERAL (SELECT t.value->0, t.value->1 OFFSET 0) AS b (columns, rows)
WHERE jsonb_typeof(b.rows) = 'array'
""")
#: In pieces of so many rows, after one with the names of the columns.
_WHOLE = sa.text("""
SELECT p.cells FROM (
  SELECT d.original #> ARRAY['tables', :name] AS value FROM dcor_record d
  WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0
) AS t CROSS JOIN LATERAL (SELECT t.value->0, t.value->1 OFFSET 0) AS b (columns, rows)
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
    found = [Log(**row._mapping) for row in _all(_LOGS, subject)]  # noqa: SLF001
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
    found = [Table(**row._mapping) for row in _all(_TABLES, subject)]  # noqa: SLF001
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


def all_rows(subject: Subject, name: str) -> Iterator[list[Any]]:
    """The names of the columns, if there are any, and all rows; never all in memory.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    given = _where(subject) | {"name": name, "count": _AT_ONCE}
    pieces = model.Session.execute(_WHOLE, given, execution_options={"yield_per": 1})
    first = next(pieces, None)
    if first is None:
        raise errors.NoSuchTextError
    yield from (columns for columns in first.cells if columns)
    for piece in pieces:
        yield from map(flattened, piece.cells)


def flattened(cells: Any) -> list[Any]:
    """A row without its nesting: dclab writes named tables with the shape (N, 1)."""
    if not isinstance(cells, list):
        return [cells]
    return [value for cell in cells for value in flattened(cell)]


def _one(statement: sa.TextClause, subject: Subject, **given: Any) -> Any:
    row = model.Session.execute(statement, _where(subject) | given).one_or_none()
    if row is None:
        raise errors.NoSuchTextError
    return row


def _all(statement: sa.TextClause, subject: Subject) -> list[Any]:
    return list(model.Session.execute(statement, _where(subject)).all())


def _where(subject: Subject) -> dict[str, Any]:
    return {"resource_id": subject.id, "etag": subject.etag}
