"""Stems of words, looked up in a text search dictionary of PostgreSQL.

A dictionary answers stop words with nothing; they are kept as they are, so ``my`` stays findable.
Looked-up stems are remembered in the process, because the same words come again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_REMEMBERED = 50_000
_LOOK_UP = sa.text(
    "SELECT word, (ts_lexize(CAST(:dictionary AS regdictionary), word))[1]"
    " FROM unnest(CAST(:words AS text[])) AS word"
)
_remembered: dict[tuple[str, str], str] = {}


class DictionaryStemmer:
    """Stems words with one dictionary over one database connection."""

    def __init__(self, connection: sa.Connection, dictionary: str) -> None:
        self._connection = connection
        self._dictionary = dictionary

    def __call__(self, words: Iterable[str]) -> Mapping[str, str]:
        """Return the stem of every word, keyed by the word."""
        stems = {word: _remembered.get((self._dictionary, word)) for word in words}
        unknown = [word for word, stem in stems.items() if stem is None]
        found = self._look_up(unknown) if unknown else {}
        return {word: stem or found[word] for word, stem in stems.items()}

    def _look_up(self, words: list[str]) -> dict[str, str]:
        rows = self._connection.execute(_LOOK_UP, {"dictionary": self._dictionary, "words": words})
        found = {word: stem or word for word, stem in rows}
        if len(_remembered) > _MAX_REMEMBERED:
            _remembered.clear()
        _remembered.update({(self._dictionary, word): stem for word, stem in found.items()})
        return found
