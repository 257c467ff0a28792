"""Logs and tables as files to download."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ckanext.dc_view import records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.dc_view.subject import Subject

_AT_ONCE = 5000
#: Spreadsheets take texts that begin like this for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
DELIMITERS = {"csv": ",", "tsv": "\t"}


def log_text(about: Subject, name: str) -> Iterator[str]:
    """A log, line by line."""
    for _, text in records.lines(about, name, 0, None):
        yield f"{text}\n"


def table_text(about: Subject, name: str, kind: str) -> Iterator[str]:
    """A table as CSV or TSV (`kind`), with the names of its columns in the first line."""
    table = records.table(about, name)
    if table.columns:
        yield _text([table.columns], kind)
    start = 0
    while found := records.rows(about, name, start, _AT_ONCE):
        yield _text(found, kind)
        start += len(found)


def _text(rows: list[list[Any]], kind: str) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=DELIMITERS[kind])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue()


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet executes; numbers stay what they are."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
