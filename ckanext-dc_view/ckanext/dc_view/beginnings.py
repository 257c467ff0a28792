"""What the page of logs and tables shows without script: the beginnings, within a budget."""

# ruff: noqa: S608 - statements are put together from constants of this package only
from __future__ import annotations

import html
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckanext.dc_view import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckanext.dc_view.logs_and_tables import Log, Table
    from ckanext.dc_view.subject import Subject

#: Lines of so many logs, rows and columns of so many tables.
_LINES, _LOGS, _ROWS, _TABLES = 200, 50, 100, 20
MOST_COLUMNS = 50
#: Characters of a line, of a cell, and of all logs and all tables of a page.
_LINE, _CELL, _BUDGET = 2000, 200, 100_000
_CUT = " …"
_MARKUP = len("<td></td>")
#: Lines and rows that are fetched at once.
_LINES_AT_ONCE, _ROWS_AT_ONCE = 100, 10
#: Of a log that both files have, the page shows that of the original; see `logs`.
_OF_LOGS = sa.text(f"""
SELECT o.origin, l.key AS name, left(t.text, :longest) AS text
FROM {stored.LOGS}
CROSS JOIN LATERAL jsonb_array_elements_text(
  jsonb_path_query_array(l.value, '$[0 to $last]', jsonb_build_object('last', :count - 1))
) WITH ORDINALITY AS t (text, line)
WHERE l.key = ANY(:names) AND jsonb_typeof(l.value) = 'array'
ORDER BY l.key, t.line
""")
#: Rows are flat afterwards: the second path unfolds the nesting of named tables.
_OF_TABLES = sa.text(f"""
SELECT t.key AS name, jsonb_path_query_array(
  jsonb_path_query_array(r.cells, '$[0 to $last]', wide.last),
  '$[*][0 to $last]', wide.last) AS cells
FROM {stored.TABLES}
CROSS JOIN LATERAL jsonb_array_elements(
  jsonb_path_query_array(b.rows, '$[0 to $last]', jsonb_build_object('last', :count - 1))
) WITH ORDINALITY AS r (cells, line)
CROSS JOIN (VALUES (jsonb_build_object('last', :columns - 1))) AS wide (last)
WHERE t.key = ANY(:names) AND jsonb_typeof(b.rows) = 'array'
ORDER BY t.key, r.line
""")


@dataclass
class Budget:
    """Characters that may still be shown."""

    left: int = _BUDGET

    def spend(self, characters: int) -> bool:
        """Whether so many may be shown; nothing may be shown after the first refusal."""
        self.left = self.left - characters if characters <= self.left else -1
        return self.left >= 0


def of_logs(subject: Subject, logs: Sequence[Log]) -> dict[str, list[str]]:
    """The first lines of the first logs by name, long ones cut off; by one statement."""
    origins = {log.name: log.origin for log in logs[:_LOGS]}
    found: dict[str, list[str]] = {name: [] for name in origins}
    budget = Budget()
    given = {"names": list(origins), "count": _LINES, "longest": _LINE + 1}
    given["at_once"] = _LINES_AT_ONCE
    with closing(stored.one_by_one(_OF_LOGS, subject, **given)) as rows:
        for row in rows:
            if row.origin != origins[row.name]:
                continue
            text = cut(row.text, _LINE)
            # an empty line is one as well
            if not budget.spend(len(html.escape(text)) + 1):
                break
            found[row.name].append(text)
    return found


def of_tables(subject: Subject, tables: Sequence[Table]) -> dict[str, list[list[Any]]]:
    """The first rows of the first tables by name, wide ones cut off; by one statement."""
    found: dict[str, list[list[Any]]] = {table.name: [] for table in tables[:_TABLES]}
    budget = Budget()
    given = {"names": list(found), "count": _ROWS, "columns": MOST_COLUMNS}
    given["at_once"] = _ROWS_AT_ONCE
    with closing(stored.one_by_one(_OF_TABLES, subject, **given)) as rows:
        for row in rows:
            cells = [_cell(value) for value in row.cells[:MOST_COLUMNS]]
            # the markup around a cell counts as well, and so does a row without any
            if not budget.spend(sum(len(html.escape(str(cell))) + _MARKUP for cell in cells) + 1):
                break
            found[row.name].append(cells)
    return found


def cut(text: str, most: int = _CELL) -> str:
    """The beginning of a text."""
    return text if len(text) <= most else text[:most] + _CUT


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return cut(str(value))
