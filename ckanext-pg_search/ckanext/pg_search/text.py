"""Words of a text: the analysis of CKAN's Solr field type ``text`` in Python.

A text is folded to plain letters, split at white space, at punctuation, between letters and
digits and where lower case meets upper case; words that punctuation had split are indexed once more
in one piece, so ``dcoraid`` finds ``DCOR-Aid``. Checksums and UUIDs stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_WORD = 200
"""Longer words are cut, in the index and in queries alike (PostgreSQL allows 2046 bytes)."""

_IDENTIFIER = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,})(?![0-9a-z])",
    re.IGNORECASE,
)
_RUN = re.compile(r"[^\W\d_]+|\d+")
_CASE_CHANGE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_POSSESSIVE = re.compile(r"['\u2019]s(?!\w)", re.IGNORECASE)
_UNFOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l",
     "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "\u0131": "i"}
)  # fmt: skip


class Stemmer(Protocol):
    """Reduces words to their stems, many at once."""

    def __call__(self, words: Iterable[str]) -> Mapping[str, str]:
        """Return the stem of every word, keyed by the word."""


@dataclass(frozen=True)
class Word:
    """One searchable word of a text.

    Parameters
    ----------
    term
        The word in folded lower case, not stemmed.
    position
        Its place in the text, counted in words from 0.
    """

    term: str
    position: int


def fold(text: str) -> str:
    """Replace accented and compatibility characters by plain ones; case is kept."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNFOLDED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def normalise(text: str) -> str:
    """Fold a single word to lower case without splitting it, as done for wildcards."""
    return fold(text).lower()[:MAX_WORD]


def words(text: str, *, joined: bool = False) -> list[Word]:
    """Split a text into its words.

    Parameters
    ----------
    text
        Any text.
    joined
        Whether words that punctuation or case had split also appear in one piece. True for
        the index, False for queries.
    """
    found: list[Word] = []
    position = 0
    for chunk in _POSSESSIVE.sub("", fold(text)).split():
        parts = list(_parts(chunk))
        found.extend(Word(part.lower()[:MAX_WORD], position + i) for i, part in enumerate(parts))
        if joined:
            found.extend(Word(term, position + start) for term, start in _joined(parts))
        position += len(parts)
    return found


def stemmable(found: Iterable[Word]) -> set[str]:
    """Return the terms that have a stem; numbers and identifiers stay as they are."""
    return {word.term for word in found if word.term.isalpha()}


def stemmed(found: Iterable[Word], stems: Mapping[str, str]) -> list[Word]:
    """Replace words by their stems."""
    return [Word(stems.get(word.term, word.term), word.position) for word in found]


def _parts(chunk: str) -> Iterator[str]:
    """Yield identifiers, runs of letters and runs of digits of a piece without white space."""
    end = 0
    for match in _IDENTIFIER.finditer(chunk):
        yield from _runs(chunk[end : match.start()])
        yield match.group()
        end = match.end()
    yield from _runs(chunk[end:])


def _runs(chunk: str) -> Iterator[str]:
    for run in _RUN.findall(chunk):
        yield from _CASE_CHANGE.split(run)


def _joined(parts: list[str]) -> Iterator[tuple[str, int]]:
    """Yield neighbouring parts of the same sort in one piece, with the place of the first."""
    start = 0
    for i in range(1, len(parts) + 1):
        if i < len(parts) and _sort_of(parts[i]) == _sort_of(parts[start]) != "identifier":
            continue
        if i - start > 1:
            yield "".join(parts[start:i]).lower()[:MAX_WORD], start
        start = i


def _sort_of(part: str) -> str:
    if part.isalpha():
        return "letters"
    return "digits" if part.isdigit() and len(part) < 32 else "identifier"  # noqa: PLR2004
