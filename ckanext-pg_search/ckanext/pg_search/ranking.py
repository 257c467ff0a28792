"""The order of results: Solr's ``qf`` and ``mm`` parameters, and the score in SQL.

Datasets are ranked by PostgreSQL's ``ts_rank`` of their head (title, name, tags, collections and
the beginning of the notes): words count by the field they were found in, by how often they occur,
and less in longer texts. Unlike in Solr rare words do not count more, and words that were found
elsewhere do not count.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY

from ckanext.pg_search.errors import QueryNotUnderstoodError
from ckanext.pg_search.tables import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckanext.pg_search.matching import Rank

_FIELD = re.compile(r"([^\s^]+)(?:\^(\d+(?:\.\d+)?|\.\d+))?", re.ASCII)
_MINIMUM = re.compile(r"(-?)(\d{1,6})(%?)", re.ASCII)
CLASSES = {"title": "A", "name": "A", "tags": "B", "groups": "B", "notes": "C"}
"""The fields that make up the head of a dataset, and the class of importance of their words."""

_NORMALISATION = 1  # divide by 1 + the logarithm of the length


def parse_query_fields(text: str) -> dict[str, float]:
    """Read ``qf``: names of fields with their weights, such as ``title^4 text``.

    Raises
    ------
    QueryNotUnderstoodError
        If a weight is not a number.
    """
    weights = {}
    for part in text.split():
        match = _FIELD.fullmatch(part)
        if match is None:
            raise QueryNotUnderstoodError(f"Cannot read {part!r} in qf: write it like title^4")
        weights[match[1]] = float(match[2] or 1)
    return weights


def class_weights(fields: Mapping[str, float]) -> list[float]:
    """Return the weights of the classes D (not used), C, B and A, the largest being 1."""
    text = fields.get("text", 0.0)
    weights = dict.fromkeys("DCBA", text)
    for field, letter in CLASSES.items():
        weights[letter] = max(weights[letter], fields.get(field, 0.0))
    largest = max(weights.values()) or 1.0
    return [weight / largest for weight in weights.values()]


def minimum_match(text: str, count: int) -> int:
    """Return how many of ``count`` optional clauses must match, by Solr's ``mm``.

    Parameters
    ----------
    text
        A number, a percentage, either of them negative (may be missing), or a list of conditions
        such as ``2<-1 5<80%``: up to 2 all, up to 5 all but one, else 80 percent.
    count
        Number of clauses.

    Raises
    ------
    QueryNotUnderstoodError
        If it is none of these.
    """
    rule = text.strip()
    if "<" in rule:
        rule = "100%"
        for part in re.sub(r"\s*<\s*", "<", text).split():
            limit, _, wanted = part.partition("<")
            if not limit.isdecimal():
                raise QueryNotUnderstoodError(f"Cannot read {text!r} in mm")
            if count <= int(limit):
                break
            rule = wanted
    return max(1, min(count, _minimum(rule, count)))


def score(ranks: Sequence[Rank], weights: Sequence[float]) -> sa.ColumnElement[float]:
    """Return the score of a dataset; 1 if nothing was searched for that could be ranked."""
    grouped: dict[float, dict[str, None]] = defaultdict(dict)
    for rank in ranks:
        grouped[rank.boost][rank.tsquery] = None
    parts = [
        _rank(" | ".join(f"({query})" for query in queries), weights) * boost
        for boost, queries in grouped.items()
    ]
    return sum(parts[1:], start=parts[0]) if parts else sa.literal(1.0)


def _minimum(rule: str, count: int) -> int:
    match = _MINIMUM.fullmatch(rule)
    if match is None:
        raise QueryNotUnderstoodError(f"Cannot read {rule!r} in mm: write 2, -1, 75% or 2<-1 5<80%")
    number = int(match[2])
    if match[3]:
        number = count * number // 100
    return count - number if match[1] else number


def _rank(tsquery: str, weights: Sequence[float]) -> sa.ColumnElement[float]:
    return sa.func.ts_rank(
        sa.cast(list(weights), ARRAY(REAL)),
        DOCUMENT.c.head,
        sa.cast(sa.literal(tsquery), TSQUERY),
        _NORMALISATION,
    )
