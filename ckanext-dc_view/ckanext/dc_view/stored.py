"""Where logs and tables are within a record: the one place that knows it.

Parts of SQL statements, to be put behind ``FROM``. ``OFFSET 0`` lets PostgreSQL unpack a record
once, and not wherever it is mentioned. All need the parameters of :func:`where`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from ckanext.dc_view.subject import Subject

_ROW = "FROM dcor_record d WHERE d.resource_id = :resource_id AND d.etag = :etag OFFSET 0"

#: All logs as ``l.key`` and ``l.value``, with ``o.origin``: that of the original comes second when
#: sorted, and hides one of the same name in the condensed file.
LOGS = f"""(
  SELECT d.original->'logs' AS original, d.condensed->'logs' AS condensed {_ROW}
) AS d
CROSS JOIN LATERAL (VALUES ('original', d.original), ('condensed', d.condensed))
  AS o (origin, logs)
CROSS JOIN LATERAL jsonb_each(
  CASE jsonb_typeof(o.logs) WHEN 'object' THEN o.logs ELSE '{{}}' END
) AS l (key, value)"""
#: One log, named ``:name``, as ``l.value``.
LOG = f"""(
  SELECT COALESCE(d.original #> ARRAY['logs', :name], d.condensed #> ARRAY['logs', :name]) AS value
  {_ROW}
) AS l"""
_PARTS = "CROSS JOIN LATERAL (SELECT t.value->0, t.value->1 OFFSET 0) AS b (columns, rows)"
#: All tables as ``t.key``, ``b.columns`` and ``b.rows``.
TABLES = f"""(
  SELECT d.original->'tables' AS tables {_ROW}
) AS d
CROSS JOIN LATERAL jsonb_each(
  CASE jsonb_typeof(d.tables) WHEN 'object' THEN d.tables ELSE '{{}}' END
) AS t (key, value)
{_PARTS}"""
#: One table, named ``:name``, as ``b.columns`` and ``b.rows``.
TABLE = f"""(
  SELECT d.original #> ARRAY['tables', :name] AS value {_ROW}
) AS t {_PARTS}"""


def where(subject: Subject) -> dict[str, Any]:
    """Parameters that say whose record it is."""
    return {"resource_id": subject.id, "etag": subject.etag}


def one_by_one(
    statement: sa.TextClause, subject: Subject, *, at_once: int = 1, **given: Any
) -> Iterator[Any]:
    """The rows that a statement finds in a record; there are never more than `at_once` in memory.

    Each time that many are fetched from the database: short rows want a higher number.
    """
    found = model.Session.execute(
        statement, where(subject) | given, execution_options={"yield_per": at_once}
    )
    try:
        yield from found
    finally:
        found.close()


def every(statement: sa.TextClause, subject: Subject, **given: Any) -> list[Any]:
    """All rows that a statement finds in a record."""
    return list(model.Session.execute(statement, where(subject) | given).all())
