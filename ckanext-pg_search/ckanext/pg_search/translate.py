"""Translates the tree of a query into conditions on datasets.

Brackets, AND, OR and NOT have their usual logical meaning with AND before OR. (Lucene itself reads
``a OR b c`` differently; here what CKAN appends to a filter never loosens the filter.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luqum import tree

from ckanext.pg_search.errors import NotSupportedError, QueryNotUnderstoodError
from ckanext.pg_search.fields import MAX_NAME, Kind, kind_of
from ckanext.pg_search.limits import check_depth
from ckanext.pg_search.matching import EVERYTHING, Match, all_of, any_of
from ckanext.pg_search.terms import Terms, has_wildcard, unescape

if TYPE_CHECKING:
    from ckanext.pg_search.strings import Bound

_REFUSED = {
    tree.Fuzzy: "Fuzzy words (word~) are not supported: search for the beginning, such as bead*",
    tree.Proximity: 'Words near each other ("a b"~3) are not supported: use a phrase',
    tree.Regex: "Regular expressions are not supported: put a text with slashes in quotes",
    tree.OpenRange: "Comparisons (>5) are not supported: use a range such as {5 TO *]",
}

FreeText = Callable[[str, bool], Match]
"""Matches a text without a field; the flag tells whether it is a phrase."""


@dataclass(frozen=True)
class Translator:
    """Translates queries.

    Parameters
    ----------
    terms
        Builds the conditions of single words, phrases and ranges.
    free_text
        Matches what comes without a field.
    default_field
        Field of wildcards and ranges that come without one.
    any_by_default
        Whether clauses without an operator are alternatives instead of all being required.
    """

    terms: Terms
    free_text: FreeText
    default_field: str = "text"
    any_by_default: bool = False

    def translate(self, node: tree.Item, field: str | None = None, depth: int = 0) -> Match:
        """Translate a tree into a match.

        Raises
        ------
        NotSupportedError
            For fuzzy words, proximity and regular expressions.
        QueryNotUnderstoodError
            For a value that does not suit its field.
        QueryTooLargeError
            For too many or too deeply nested parts.
        """
        check_depth(depth)
        if isinstance(node, tree.SearchField):
            return self._search_field(node, depth)
        if isinstance(node, tree.BaseGroup | tree.Plus):
            return self.translate(node.children[0], field, depth + 1)
        if isinstance(node, tree.Not | tree.Prohibit):
            return self.translate(node.a, field, depth + 1).negated()
        if isinstance(node, tree.Boost):
            return self.translate(node.expr, field, depth + 1).boosted(float(node.force))
        if isinstance(node, tree.BaseOperation):
            return self._operation(node, field, depth)
        return self._leaf(node, field)

    def _search_field(self, node: tree.SearchField, depth: int) -> Match:
        if isinstance(node.expr, tree.SearchField):
            raise QueryNotUnderstoodError(f"Two fields in a row, {node.name} and {node.expr.name}")
        name = unescape(node.name)
        if len(name) > MAX_NAME:
            raise QueryNotUnderstoodError(f"No field has a name of more than {MAX_NAME} characters")
        if name == "*" and isinstance(node.expr, tree.Word) and node.expr.value == "*":
            return EVERYTHING
        return self.translate(node.expr, name, depth + 1)

    def _operation(self, node: tree.BaseOperation, field: str | None, depth: int) -> Match:
        if isinstance(node, tree.OrOperation):
            values = _plain_values(node.children, field)
            if field is not None and values:
                return self.terms.exact(field, values)
            return any_of([self.translate(child, field, depth + 1) for child in node.children])
        if isinstance(node, tree.UnknownOperation) and self.any_by_default:
            return self._alternatives(node.children, field, depth)
        return all_of([self.translate(child, field, depth + 1) for child in node.children])

    def _alternatives(self, children: Sequence[tree.Item], field: str | None, depth: int) -> Match:
        """Require what has a sign; of the rest one, unless something else is required."""
        signed = tree.Plus | tree.Not | tree.Prohibit
        required = [self.translate(c, field, depth + 1) for c in children if isinstance(c, signed)]
        rest = [self.translate(c, field, depth + 1) for c in children if not isinstance(c, signed)]
        if not rest or any(isinstance(child, tree.Plus) for child in children):
            ranks = any_of(rest).ranks
            match = all_of(required)
            return Match(match.condition, match.ranks + ranks)
        return all_of([*required, any_of(rest)])

    def _leaf(self, node: tree.Item, field: str | None) -> Match:
        for refused, reason in _REFUSED.items():
            if isinstance(node, refused):
                raise NotSupportedError(reason)
        if isinstance(node, tree.Range):
            low, high = _bound(node.low, node.include_low), _bound(node.high, node.include_high)
            return self.terms.between(field or self.default_field, low, high)
        is_phrase = isinstance(node, tree.Phrase)
        if not is_phrase and has_wildcard(node.value):
            return self.terms.wildcard(field or self.default_field, node.value)
        value = unescape(node.value[1:-1] if is_phrase else node.value)
        if field is None:
            return self.free_text(value, is_phrase)
        return self.terms.term(field, value, phrase=is_phrase)


def _plain_values(children: Sequence[tree.Item], field: str | None) -> list[str] | None:
    """Return the values of alternatives of one string field, None if they are something else."""
    if field is None or kind_of(field) is not Kind.STRING:
        return None
    values = []
    for child in children:
        if isinstance(child, tree.Phrase):
            values.append(unescape(child.value[1:-1]))
        elif isinstance(child, tree.Word) and not has_wildcard(child.value):
            values.append(unescape(child.value))
        else:
            return None
    return values


def _bound(node: tree.Item, included: bool) -> Bound:  # noqa: FBT001
    if isinstance(node, tree.Prohibit):
        return "-" + unescape(node.a.value), included
    if isinstance(node, tree.Phrase):
        return unescape(node.value[1:-1]), included
    return None if node.value == "*" else (unescape(node.value), included)
