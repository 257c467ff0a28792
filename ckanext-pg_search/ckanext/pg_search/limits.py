"""Bounds on one query, so no request can keep the database busy for long."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.pg_search.errors import QueryNotUnderstoodError, QueryTooLargeError

MAX_LENGTH = 500_000
"""Longest query in characters; the list of permission labels of a busy user is long."""

MAX_DEPTH = 40
"""Deepest nesting of brackets."""

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass
class Budget:
    """Counts the parts of one query.

    Parameters
    ----------
    clauses
        How many words, phrases and ranges may still come.
    """

    clauses: int

    def spend(self, count: int) -> None:
        """Count words, phrases or ranges.

        Raises
        ------
        QueryTooLargeError
            If there are more than allowed.
        """
        self.clauses -= count
        if self.clauses < 0:
            raise QueryTooLargeError("The query has too many parts: split it into several searches")


def check_text(text: str) -> str:
    """Return the text of a query if it can be searched for at all.

    Raises
    ------
    QueryTooLargeError
        If it is longer than ``MAX_LENGTH``.
    QueryNotUnderstoodError
        If it has characters that no text in the database can have.
    """
    if len(text) > MAX_LENGTH:
        raise QueryTooLargeError(f"The query is longer than {MAX_LENGTH} characters")
    if _NOT_STORABLE.search(text):
        raise QueryNotUnderstoodError("The query has a NUL character or half a Unicode character")
    return text


def check_depth(depth: int) -> None:
    """Raise if brackets are nested too deeply.

    Raises
    ------
    QueryTooLargeError
        If the depth is beyond ``MAX_DEPTH``.
    """
    if depth > MAX_DEPTH:
        raise QueryTooLargeError(f"Brackets are nested more than {MAX_DEPTH} deep")
