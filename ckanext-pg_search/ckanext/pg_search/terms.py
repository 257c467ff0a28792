"""Words, phrases, wildcards and ranges of a query as conditions, for every kind of field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckanext.pg_search import points, strings, vectors
from ckanext.pg_search.errors import NotSupportedError
from ckanext.pg_search.fields import NGRAMS, Kind, kind_of
from ckanext.pg_search.matching import EVERYTHING, NOTHING, Match, Rank, has_words
from ckanext.pg_search.tables import DOCUMENT
from ckanext.pg_search.text import Stemmer, fold, normalise, stemmable, stemmed, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ckanext.pg_search.limits import Budget

_WILDCARD = re.compile(r"\\.|[*?]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BODY = ("text", "urls")


def unescape(text: str) -> str:
    """Remove the backslashes that protect characters in a query."""
    return _ESCAPED.sub(r"\1", text)


def has_wildcard(text: str) -> bool:
    """Tell whether a term of a query has a wildcard that is not escaped."""
    return any(not part.startswith("\\") for part in _WILDCARD.findall(text))


@dataclass(frozen=True)
class Terms:
    """Builds conditions for the leaves of one query.

    Parameters
    ----------
    stem
        Reduces words to stems.
    now
        The moment that ``NOW`` stands for.
    budget
        Counts the leaves and ends queries that are too large.
    """

    stem: Stemmer
    now: datetime
    budget: Budget

    def exact(self, field: str, values: Sequence[str]) -> Match:
        """Match a string field that has one of the values."""
        self.budget.spend(len(values))
        return Match(strings.equals(field, values))

    def term(self, field: str, value: str, *, phrase: bool) -> Match:
        """Match a field that has a value; in texts the words of it, for phrases in this order."""
        self.budget.spend(1)
        kind = kind_of(field)
        if kind is Kind.STRING:
            return Match(strings.equals(field, [value]))
        if kind is Kind.NGRAM:
            return Match(strings.contains(NGRAMS[field], value)) if value.strip() else NOTHING
        if kind is Kind.TEXT:
            return self._words(field, value, phrase=phrase)
        return Match(points.equals(field, points.parse(field, value, self.now)))

    def wildcard(self, field: str, raw: str) -> Match:
        """Match a field that has a value of a pattern with ``*`` and ``?``, still escaped."""
        self.budget.spend(1)
        kind = kind_of(field)
        if set(raw) == {"*"}:
            return self.present(field)
        if kind is Kind.TEXT:
            return self._word_pattern(field, raw)
        if kind is Kind.STRING:
            return Match(strings.like(field, _like(raw)))
        raise NotSupportedError(
            f"Wildcards cannot be used with {field}: use a range such as [1 TO 5]"
        )

    def present(self, field: str) -> Match:
        """Match a field that has any value."""
        kind = kind_of(field)
        if field in _BODY:
            return EVERYTHING
        if kind in (Kind.NUMBER, Kind.DATE):
            return Match(points.exists(field))
        return Match(strings.exists(NGRAMS.get(field, field)))

    def between(self, field: str, low: strings.Bound, high: strings.Bound) -> Match:
        """Match a field with a value in a range whose ends are still text."""
        self.budget.spend(1)
        if low is None and high is None:
            return self.present(field)
        if kind_of(field) in (Kind.NUMBER, Kind.DATE):
            ends = [end and (points.parse(field, end[0], self.now), end[1]) for end in (low, high)]
            return Match(points.between(field, *ends))
        if field in _BODY or kind_of(field) is Kind.NGRAM:
            raise NotSupportedError(f"Ranges cannot be used with {field}: name another field")
        return Match(strings.between(field, low, high))

    def _words(self, field: str, value: str, *, phrase: bool) -> Match:
        split = words(value)
        found = stemmed(split, self.stem(stemmable(split)))
        if not found:
            return NOTHING
        write = vectors.phrase if phrase else vectors.all_of
        return has_words(write(found, _prefix(field)), (Rank(write(found)),))

    def _word_pattern(self, field: str, raw: str) -> Match:
        start = raw[:-1]
        if raw.endswith("*") and not has_wildcard(start) and not start.endswith("\\"):
            word = normalise(unescape(start))
            rank = Rank(vectors.starting_with(word))
            return has_words(vectors.starting_with(word, _prefix(field)), (rank,))
        return Match(_word_like(_prefix(field), fold(_like(raw)).lower()))


def _prefix(field: str) -> str:
    return "" if field in _BODY else field_prefix(field)


def field_prefix(field: str) -> str:
    """Return what stands in front of words that were found in one text field."""
    return f"{field}="


def _like(raw: str) -> str:
    """Turn a pattern with ``*`` and ``?`` into one for ``LIKE``."""
    pattern, end = "", 0
    for match in _WILDCARD.finditer(raw):
        pattern += strings.escape_like(raw[end : match.start()])
        wild = {"*": "%", "?": "_"}.get(match.group())
        pattern += wild or strings.escape_like(match.group()[1:])
        end = match.end()
    return pattern + strings.escape_like(raw[end:])


def _word_like(prefix: str, pattern: str) -> sa.ColumnElement[bool]:
    """Return the condition that a word matches a pattern; every word has to be looked at."""
    each = sa.func.unnest(sa.func.tsvector_to_array(DOCUMENT.c.words))
    word = each.table_valued("word").render_derived()
    wanted = strings.escape_like(prefix) + pattern
    return sa.exists(sa.select(1).select_from(word).where(word.c.word.like(wanted, escape="\\")))
