"""What a piece of a query becomes: a condition on datasets and what it adds to their score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from ckanext.pg_search.tables import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_COMBINATIONS = 60
_SOME = DOCUMENT.alias("with_words")


@dataclass(frozen=True)
class Rank:
    """A text search query that datasets are ranked by.

    Parameters
    ----------
    tsquery
        The query, in PostgreSQL's notation.
    boost
        Factor of its part in the score.
    """

    tsquery: str
    boost: float = 1.0


@dataclass(frozen=True)
class Match:
    """A condition on datasets and the ranks it adds to their score.

    Parameters
    ----------
    condition
        The condition in SQL.
    ranks
        Text search queries that the score is made of.
    tsquery
        The condition as a text search query, if it is one and nothing else.
    """

    condition: sa.ColumnElement[bool]
    ranks: tuple[Rank, ...] = ()
    tsquery: str | None = None

    def negated(self) -> Match:
        """Return what matches all other datasets; being absent gives no score."""
        return Match(sa.not_(sa.func.coalesce(self.condition, sa.false())))

    def boosted(self, factor: float) -> Match:
        """Return the same with its part in the score multiplied."""
        ranks = tuple(replace(rank, boost=rank.boost * factor) for rank in self.ranks)
        return replace(self, ranks=ranks)


EVERYTHING = Match(sa.true())
NOTHING = Match(sa.false())


def has_words(tsquery: str, ranks: tuple[Rank, ...] = ()) -> Match:
    """Return what the index finds for a text search query.

    It is a query of its own, so that it is looked up in the index even where it is one of several
    alternatives; otherwise the words of every dataset would be unpacked and read.
    """
    query = sa.cast(sa.literal(tsquery), TSQUERY)
    numbers = sa.select(_SOME.c.doc_no).where(_SOME.c.words.op("@@", is_comparison=True)(query))
    return Match(DOCUMENT.c.doc_no.in_(numbers), ranks, tsquery)


def all_of(matches: Sequence[Match]) -> Match:
    """Return what fulfils every match; everything if there is none."""
    parts = _merged(matches, " & ")
    if len(parts) == 1:
        return parts[0]
    return Match(sa.and_(sa.true(), *(part.condition for part in parts)), _ranks(parts))


def any_of(matches: Sequence[Match]) -> Match:
    """Return what fulfils at least one match; nothing if there is none."""
    parts = _merged(matches, " | ")
    if len(parts) == 1:
        return parts[0]
    return Match(sa.or_(sa.false(), *(part.condition for part in parts)), _ranks(parts))


def at_least(count: int, matches: Sequence[Match]) -> Match:
    """Return what fulfils at least ``count`` of the matches.

    A few searches for words are written out as all their combinations, which are one look into the
    index; others are counted dataset by dataset.
    """
    if count >= len(matches):
        return all_of(matches)
    if count <= 1:
        return any_of(matches)
    queries = [match.tsquery for match in matches if match.tsquery]
    if len(queries) == len(matches) and comb(len(matches), count) <= _MAX_COMBINATIONS:
        ways = [_joined(way, " & ") for way in combinations(queries, count)]
        return has_words(_joined(ways, " | "), _ranks(matches))
    fulfilled = [sa.cast(match.condition, sa.Integer) for match in matches]
    return Match(sum(fulfilled[1:], start=fulfilled[0]) >= count, _ranks(matches))


def _merged(matches: Sequence[Match], operator: str) -> list[Match]:
    """Make one look into the index of many."""
    texts = [match for match in matches if match.tsquery]
    if len(texts) <= 1:
        return list(matches)
    query = _joined([text.tsquery or "" for text in texts], operator)
    merged = has_words(query, _ranks(texts))
    return [*(match for match in matches if not match.tsquery), merged]


def _joined(queries: Sequence[str], operator: str) -> str:
    return operator.join(f"({query})" for query in queries)


def _ranks(matches: Sequence[Match]) -> tuple[Rank, ...]:
    return tuple(rank for match in matches for rank in match.ranks)
