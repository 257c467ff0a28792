"""Text search vectors and queries, written in PostgreSQL's notation.

They are handed over as one bound value and cast there, so quoting here only has to satisfy the
notation; no SQL is built from it.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.pg_search.text import Word

MAX_BYTES = 700_000
"""Words beyond this size are left out; PostgreSQL refuses vectors of 1 MiB and more."""

_MAX_POSITIONS = 64
_LAST_POSITION = 16_383
_GAP = 2


class VectorBuilder:
    """Collects the words of one vector.

    Positions let phrases be found; between two values lies a gap, so no phrase spans them.
    """

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._position = 1
        self._bytes = 0

    def add(self, found: Iterable[Word], *, weight: str = "D", prefix: str = "") -> None:
        """Append the words of one value.

        Parameters
        ----------
        found
            Stemmed words.
        weight
            Class of importance, ``A`` to ``D``.
        prefix
            Put in front of every word, to keep fields apart within one vector.
        """
        last = 0
        for word in found:
            self._add(prefix + word.term, self._position + word.position, weight)
            last = max(last, word.position)
        self._position += last + _GAP

    def __str__(self) -> str:
        return " ".join(f"{quote(word)}:{','.join(at)}" for word, at in self._places.items())

    def _add(self, lexeme: str, position: int, weight: str) -> None:
        places = self._places.get(lexeme)
        if places is None:
            self._bytes += len(lexeme.encode()) + 8
            if self._bytes > MAX_BYTES:
                return
            places = self._places[lexeme] = []
        if len(places) < _MAX_POSITIONS:
            self._bytes += 2
            places.append(f"{min(position, _LAST_POSITION)}{weight}")


def quote(lexeme: str) -> str:
    """Quote a word for a vector or a query."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def all_of(found: Iterable[Word], prefix: str = "") -> str:
    """Write a query for every word, wherever it is; empty if there is no word."""
    return " & ".join(dict.fromkeys(quote(prefix + word.term) for word in found))


def phrase(found: Iterable[Word], prefix: str = "") -> str:
    """Write a query for words that follow each other; empty if there is no word."""
    listed = list(found)
    parts = [quote(prefix + word.term) for word in listed[:1]]
    for before, word in itertools.pairwise(listed):
        parts.append(f"<{word.position - before.position}> {quote(prefix + word.term)}")
    return " ".join(parts)


def starting_with(start: str, prefix: str = "") -> str:
    """Write a query for words that start in a given way."""
    return quote(prefix + start) + ":*"
