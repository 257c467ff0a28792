"""What people type into the search box: Solr's dismax parser.

Only quotes, ``+``, ``-`` and the words AND, OR and NOT have a meaning; everything else is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luqum import tree

from ckanext.pg_search.fields import Kind, is_in_body, kind_of
from ckanext.pg_search.matching import (
    EVERYTHING,
    NOTHING,
    Match,
    all_of,
    any_of,
    at_least,
)
from ckanext.pg_search.ranking import minimum_match
from ckanext.pg_search.text import words
from ckanext.pg_search.translate import Translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckanext.pg_search.terms import Terms

_CLAUSE = re.compile(r'([+-]*)(?:"((?:[^"\\]|\\.)*)"|(\S+))', re.DOTALL)


@dataclass(frozen=True)
class Clause:
    """One word or phrase that was typed.

    Parameters
    ----------
    text
        What to search for.
    is_phrase
        Whether its words must follow each other.
    sign
        ``+`` if it is required, ``-`` if it is forbidden, else empty.
    """

    text: str
    is_phrase: bool = False
    sign: str = ""


@dataclass(frozen=True)
class FreeText:
    """Matches text without fields.

    Parameters
    ----------
    terms
        Builds the conditions of words and phrases.
    fields
        Fields that are searched.
    minimum
        Solr's ``mm``: how many of the optional clauses must match.
    """

    terms: Terms
    fields: Mapping[str, float]
    minimum: str

    def anywhere(self, text: str, is_phrase: bool) -> Match:  # noqa: FBT001
        """Match a word or a phrase in one of the fields."""
        matches = [
            self.terms.term(field, text, phrase=is_phrase)
            for field in _without_covered(self.fields)
            if kind_of(field) not in (Kind.NUMBER, Kind.DATE)
        ]
        return any_of(matches)

    def dismax(self, text: str) -> Match:
        """Match what was typed into a search box; never fails because of its syntax."""
        if text.strip() == "*":
            return EVERYTHING
        return self._combined((c.sign, self.anywhere(c.text, c.is_phrase)) for c in clauses(text))

    def edismax(self, node: tree.Item) -> Match:
        """Match a query in Lucene's syntax whose clauses without an operator are counted."""
        translator = Translator(self.terms, self.anywhere)
        if not isinstance(node, tree.UnknownOperation):
            return translator.translate(node)
        return self._combined((_sign(c), translator.translate(_bare(c))) for c in node.children)

    def _combined(self, signed: Iterable[tuple[str, Match]]) -> Match:
        by_sign: dict[str, list[Match]] = {"+": [], "-": [], "": []}
        for sign, match in signed:
            by_sign[sign].append(match)
        required, optional = by_sign["+"], by_sign[""]
        if not any(by_sign.values()):
            return NOTHING
        forbidden = [match.negated() for match in by_sign["-"]]
        if not optional:
            return all_of([*required, *forbidden])
        chosen = at_least(minimum_match(self.minimum, len(optional)), optional)
        return all_of([*required, *forbidden, chosen])


def clauses(text: str) -> list[Clause]:
    """Split what was typed into its words and phrases.

    Pieces without a letter or digit say nothing and are left out. An odd quote is no quote.
    """
    found: list[Clause] = []
    negated = joined = False
    for signs, phrase, word in _CLAUSE.findall(_without_odd_quotes(text)):
        if word in ("AND", "OR", "NOT") and not signs:
            joined, negated = word == "AND", word == "NOT"
            if joined and found and not found[-1].sign:
                found[-1] = Clause(found[-1].text, found[-1].is_phrase, "+")
            continue
        if words(phrase or word):
            sign = "-" if negated else signs[-1:] or ("+" if joined else "")
            found.append(Clause(phrase or word, bool(phrase), sign))
        negated = joined = False
    return found


def _without_odd_quotes(text: str) -> str:
    return text.replace('"', " ") if text.count('"') % 2 else text


def _without_covered(fields: Mapping[str, float]) -> list[str]:
    """Leave out fields whose words are found in the field ``text`` anyway."""
    if "text" not in fields:
        return list(fields)
    return [field for field in fields if field == "text" or not is_in_body(field)]


def _sign(node: tree.Item) -> str:
    if isinstance(node, tree.Plus):
        return "+"
    return "-" if isinstance(node, tree.Prohibit | tree.Not) else ""


def _bare(node: tree.Item) -> tree.Item:
    return node.a if isinstance(node, tree.Unary) else node
