"""Reads Lucene's query syntax into luqum's tree."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from luqum.exceptions import ParseError
from luqum.thread import parse as luqum_parse

from ckanext.pg_search.errors import QueryNotUnderstoodError

if TYPE_CHECKING:
    from luqum.tree import Item

_LOCK = threading.Lock()
_PIECE = re.compile(
    r"""
    (?P<kept>\\. | "(?:[^"\\]|\\.)*")   # an escaped character, a phrase
    | (?P<and>&&) | (?P<or>\|\|)
    | (?P<not>(?:(?<=[\s(+\-:])|^)!)    # not within a word
    | (?P<special>['<>])                # mean something to luqum, but nothing to Solr
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=512)
def parse(text: str) -> Item:
    """Read a query.

    Parameters
    ----------
    text
        The query; not empty.

    Returns
    -------
    tree : luqum.tree.Item
        Shared between callers, so it must not be changed.

    Raises
    ------
    QueryNotUnderstoodError
        If the syntax is wrong.
    """
    try:
        with _LOCK:
            return luqum_parse(_PIECE.sub(_for_luqum, text))
    except ParseError as error:
        raise QueryNotUnderstoodError(f"Cannot read the query {text[:200]!r}: {error}") from error


def _for_luqum(piece: re.Match[str]) -> str:
    """Write Lucene's signs for AND, OR and NOT as words, and protect what luqum would misread."""
    words = {"and": " AND ", "or": " OR ", "not": " NOT ", "special": "\\" + piece.group()}
    return words.get(str(piece.lastgroup), piece.group())
