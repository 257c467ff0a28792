"""What the pipeline knows of a measurement, in pieces: a record may be 60 MB large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import errors
from ckanext.dc_view.steps import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.dc_view.subject import Subject

_OVERVIEW = sa.text(
    "SELECT extra->:name FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
).bindparams(name=NAME)
_HAS_PREVIEW = sa.text(
    "SELECT COALESCE(CAST(extra->:name->>'preview_size' AS bigint), 0) > 0 FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag"
).bindparams(name=NAME)
_METADATA = sa.text(
    "SELECT original->'metadata' FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)
#: What the description had to leave out or cut off.
_NOTES = sa.text(
    "SELECT original->'notes' FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)
_HAS_CONDENSED = sa.text(
    "SELECT condensed IS NOT NULL FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag"
)
#: A log of the original hides one of the same name in the condensed file.
_LOGS = sa.text("""
SELECT DISTINCT ON (l.key) l.key AS name, o.origin, jsonb_array_length(l.value) AS lines,
       octet_length(l.value::text) AS characters
FROM dcor_record d
CROSS JOIN LATERAL (VALUES ('original', d.original), ('condensed', d.condensed))
  AS o (origin, document)
CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(o.document->'logs') WHEN 'object'
  THEN o.document->'logs' ELSE '{}' END) AS l (key, value)
WHERE d.resource_id = :resource_id AND d.etag = :etag AND jsonb_typeof(l.value) = 'array'
ORDER BY l.key, o.origin DESC
""")
_LINE_COUNT = sa.text("""
SELECT jsonb_array_length(l.value) FROM dcor_record d
CROSS JOIN LATERAL (VALUES (COALESCE(d.original->'logs'->:name, d.condensed->'logs'->:name)))
  AS l (value)
WHERE d.resource_id = :resource_id AND d.etag = :etag AND jsonb_typeof(l.value) = 'array'
""")
_LINES = sa.text("""
SELECT t.line, t.text FROM dcor_record d
CROSS JOIN LATERAL jsonb_array_elements_text(
  COALESCE(d.original->'logs'->:name, d.condensed->'logs'->:name)
) WITH ORDINALITY AS t (text, line)
WHERE d.resource_id = :resource_id AND d.etag = :etag
  AND (CAST(:search AS text) IS NULL OR strpos(lower(t.text), lower(:search)) > 0)
ORDER BY t.line OFFSET :start LIMIT :count
""")
#: Of a log that both files have, the page shows that of the original; see `logs`.
_BEGINNINGS = sa.text("""
SELECT o.origin, l.key AS name, t.text FROM dcor_record d
CROSS JOIN LATERAL (VALUES ('original', d.original), ('condensed', d.condensed))
  AS o (origin, document)
CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(o.document->'logs') WHEN 'object'
  THEN o.document->'logs' ELSE '{}' END) AS l (key, value)
CROSS JOIN LATERAL (
  SELECT e.text, e.line FROM jsonb_array_elements_text(
    CASE jsonb_typeof(l.value) WHEN 'array' THEN l.value ELSE '[]' END
  ) WITH ORDINALITY AS e (text, line) ORDER BY e.line LIMIT :count
) AS t
WHERE d.resource_id = :resource_id AND d.etag = :etag AND l.key = ANY(:names)
ORDER BY l.key, t.line
""")
_TABLES = sa.text("""
SELECT t.key AS name, t.value->0 AS columns, jsonb_array_length(t.value->1) AS rows
FROM dcor_record d CROSS JOIN LATERAL jsonb_each(
  CASE jsonb_typeof(d.original->'tables') WHEN 'object' THEN d.original->'tables' ELSE '{}' END
) AS t (key, value)
WHERE d.resource_id = :resource_id AND d.etag = :etag AND jsonb_typeof(t.value->1) = 'array'
""")
_ROWS = sa.text("""
SELECT r.cells FROM dcor_record d
CROSS JOIN LATERAL jsonb_array_elements(d.original->'tables'->:name->1)
  WITH ORDINALITY AS r (cells, line)
WHERE d.resource_id = :resource_id AND d.etag = :etag ORDER BY r.line OFFSET :start LIMIT :count
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


def overview(subject: Subject) -> dict[str, Any] | None:
    """Summary of the overview of the present object, None while there is none."""
    found = _scalar(_OVERVIEW, subject)
    return found if isinstance(found, dict) else None


def has_preview(resource_id: str, etag: str | None) -> bool:
    """Whether there is a preview of an object of a resource."""
    given = {"resource_id": resource_id, "etag": etag}
    return bool(model.Session.execute(_HAS_PREVIEW, given).scalar())


def metadata(subject: Subject) -> dict[str, dict[str, Any]] | None:
    """Metadata as they are in the file, None while the measurement is not described."""
    found = _scalar(_METADATA, subject)
    return found if isinstance(found, dict) else None


def notes(subject: Subject) -> list[str]:
    """What is missing in logs, tables and metadata, in words."""
    found = _scalar(_NOTES, subject)
    return [str(note) for note in found] if isinstance(found, list) else []


def has_condensed(subject: Subject) -> bool:
    """Whether there is a condensed file of the present object."""
    return bool(_scalar(_HAS_CONDENSED, subject))


def logs(subject: Subject) -> list[Log]:
    """All logs, sorted by name without regard to case."""
    found = [Log(**row._mapping) for row in _rows(_LOGS, subject)]  # noqa: SLF001
    return sorted((log for log in found if log.lines), key=lambda log: log.name.casefold())


def line_count(subject: Subject, name: str) -> int:
    """Number of lines of a log.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    found = _scalar(_LINE_COUNT, subject, name=name)
    if not found:
        raise errors.NoSuchTextError
    return int(found)


def lines(
    subject: Subject, name: str, start: int, count: int | None, search: str | None = None
) -> list[tuple[int, str]]:
    """Lines of a log with their numbers (from 1); only those with `search` in them, if given.

    All that are left, if `count` is None: each question costs as much as the whole record.
    """
    given = {"name": name, "start": start, "count": count, "search": search}
    return [(row.line, row.text) for row in _rows(_LINES, subject, **given)]


def beginnings(subject: Subject, wanted: Iterable[Log], count: int) -> dict[str, list[str]]:
    """The first lines of some logs, by one statement."""
    origins = {log.name: log.origin for log in wanted}
    found: dict[str, list[str]] = {name: [] for name in origins}
    for row in _rows(_BEGINNINGS, subject, names=list(origins), count=count):
        if row.origin == origins[row.name]:
            found[row.name].append(row.text)
    return found


def tables(subject: Subject) -> list[Table]:
    """All tables, sorted by name without regard to case."""
    found = [Table(**row._mapping) for row in _rows(_TABLES, subject)]  # noqa: SLF001
    return sorted(found, key=lambda table: table.name.casefold())


def table(subject: Subject, name: str) -> Table:
    """One table.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    for found in tables(subject):
        if found.name == name:
            return found
    raise errors.NoSuchTextError


def rows(subject: Subject, name: str, start: int, count: int) -> list[list[Any]]:
    """Rows of a table as flat lists of numbers, texts and None."""
    found = _rows(_ROWS, subject, name=name, start=start, count=count)
    return [flattened(row.cells) for row in found]


def flattened(cells: Any) -> list[Any]:
    """A row without its nesting: dclab writes named tables with the shape (N, 1)."""
    if not isinstance(cells, list):
        return [cells]
    return [value for cell in cells for value in flattened(cell)]


def _scalar(statement: sa.TextClause, subject: Subject, **given: Any) -> Any:
    return model.Session.execute(statement, _where(subject) | given).scalar()


def _rows(statement: sa.TextClause, subject: Subject, **given: Any) -> list[Any]:
    return list(model.Session.execute(statement, _where(subject) | given).all())


def _where(subject: Subject) -> dict[str, Any]:
    return {"resource_id": subject.id, "etag": subject.etag}
