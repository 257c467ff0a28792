"""Logs and tables as files to download."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ckanext.dc_view import logs_and_tables

if TYPE_CHECKING:
    from ckanext.dc_view.subject import Subject

#: Spreadsheets take texts that begin like this for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: More lines than a log can have.
_ALL = 1_000_000_000
DELIMITERS = {"csv": ",", "tsv": "\t"}


def log_text(about: Subject, name: str) -> str:
    """A log, line by line.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    _, lines = logs_and_tables.lines(about, name, 0, _ALL)
    return "".join(f"{line}\n" for line in lines)


def table_text(about: Subject, name: str, kind: str) -> str:
    """A table as CSV or TSV (`kind`), with the names of its columns in the first line.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=DELIMITERS[kind])
    for row in logs_and_tables.all_rows(about, name):
        writer.writerow([_cell(value) for value in row])
    return target.getvalue()


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet executes; numbers stay what they are."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
