"""Logs and tables as files to download."""

from __future__ import annotations

import csv
import io
import json
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from ckanext.dc_view import logs_and_tables, spooling

if TYPE_CHECKING:
    from ckanext.dc_view.subject import Subject

#: Spreadsheets take texts that begin like this for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Characters of a number above which it is written with an exponent.
_LONG = 40
DELIMITERS = {"csv": ",", "tsv": "\t"}
#: How rows begin, are divided and end: flat ones, and those of dclab's tables with shape (N, 1).
_NUMBERS_ONLY = (("[[[", "]], [[", "]]]"), ("[[", "], [", "]]"))


def log_file(about: Subject, name: str) -> IO[bytes]:
    """A log, line by line; a file without a name like that of a table.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    pieces = logs_and_tables.all_lines(about, name)
    return spooling.spooled("".join(f"{line}\n" for line in lines).encode() for lines in pieces)


def table_file(about: Subject, name: str, kind: str) -> IO[bytes]:
    """A table as CSV or TSV (`kind`), with the names of its columns in the first line.

    It is a file without a name, so that of a table of a million rows only a piece is in memory.

    Raises
    ------
    NoSuchTextError
        If there is none with this name.
    """
    pieces = logs_and_tables.pieces(about, name)
    columns = json.loads(next(pieces))
    parts = chain([json.dumps(columns)] if columns[0] else [], pieces)
    return spooling.spooled(delimited(rows, DELIMITERS[kind]).encode() for rows in parts)


def delimited(rows: str, delimiter: str) -> str:
    """Rows in JSON as lines of CSV or TSV.

    Millions of numbers are not worth being parsed only to be written again: what PostgreSQL says
    is a line already, but for its brackets. It writes hundreds of zeros, though, where others write
    an exponent: such numbers are written as Python does.
    """
    is_long = len(rows) > _LONG * (rows.count(",") + 1)
    for begin, between, end in () if is_long else _NUMBERS_ONLY:
        if _is_made_of(rows, begin, between, end):
            lines = rows[len(begin) : -len(end)].replace(between, "\r\n")
            return lines.replace(", ", delimiter).replace("null", "") + "\r\n"
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    for row in json.loads(rows, parse_int=_whole):
        writer.writerow([_cell(value) for value in logs_and_tables.flattened(row)])
    return target.getvalue()


def _is_made_of(rows: str, begin: str, between: str, end: str) -> bool:
    """Whether all rows are lists of numbers, nested alike, and none would be an empty line."""
    # no texts, objects, booleans; PostgreSQL writes no exponents
    if any(sign in rows for sign in ('"', "{", "e", "[null]", "[]")):
        return False
    brackets = rows.count(between) * between.count("[") + begin.count("[")
    return rows.startswith(begin) and rows.endswith(end) and rows.count("[") == brackets


def _whole(digits: str) -> int | float:
    """Files have whole numbers of 64 bits; what is longer was written with an exponent."""
    return int(digits) if len(digits) <= _LONG else float(digits)


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet executes; numbers stay what they are."""
    if isinstance(value, str) and (
        value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)
    ):
        return f"'{value}"
    return value
