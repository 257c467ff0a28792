"""The query of a request: ``q``, ``fq`` and the parser they are read with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ckan.lib.search.query import QUERY_FIELDS

from ckanext.pg_search import config, localparams, lucene
from ckanext.pg_search.errors import NotSupportedError, QueryNotUnderstoodError
from ckanext.pg_search.freetext import FreeText
from ckanext.pg_search.limits import Budget, check_text
from ckanext.pg_search.matching import EVERYTHING, NOTHING, Match, all_of, any_of
from ckanext.pg_search.ranking import parse_query_fields
from ckanext.pg_search.terms import Terms
from ckanext.pg_search.translate import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.pg_search.text import Stemmer

_REFUSED = ("bf", "boost")
_BOOL = {"must": "+", "filter": "+", "should": "", "must_not": "-"}


@dataclass(frozen=True)
class QueryReader:
    """Reads the queries of one request.

    Parameters
    ----------
    params
        Parameters of the request, in Solr's names.
    terms
        Builds the conditions of words, phrases and ranges.
    """

    params: Mapping[str, Any]
    terms: Terms

    def matches(self, q: str) -> Match:
        """Match what fulfils ``q`` and every ``fq``; filters do not count for the score.

        Raises
        ------
        ckan.lib.search.common.SearchQueryError
            If a part of the query is wrong, not supported or too large.
        """
        self._refuse_functions()
        filters = [Match(self.filter(fq).condition) for fq in _listed(self.params.get("fq"))]
        return all_of([*filters, self.main(q)])

    def main(self, q: str) -> Match:
        """Match the main query, read with the parser that ``defType`` names."""
        return self._parsed(q, str(self.params.get("defType") or "lucene"), self.params)

    def filter(self, fq: str) -> Match:
        """Match a filter; always in Lucene's syntax."""
        return self._parsed(fq, "lucene", self.params) if fq.strip() else EVERYTHING

    def _parsed(self, text: str, parser: str, params: Mapping[str, Any]) -> Match:
        text = check_text(text)
        if (parts := localparams.split(text)) is not None:
            return self._named(*parts)
        if not text.strip():
            return NOTHING
        if parser == "lucene":
            return self._lucene(text, params)
        free = FreeText(self.terms, query_fields(params), str(params.get("mm") or "100%"))
        if parser == "dismax":
            return free.dismax(text)
        if parser == "edismax":
            return self._edismax(text, free)
        raise NotSupportedError(f"The query parser {parser!r} is not supported")

    def _named(self, parser: str, params: list[tuple[str, str]], query: str) -> Match:
        if parser == "bool":
            return self._bool(params)
        return self._parsed(check_bare(query), parser, {**self.params, **dict(params)})

    def _bool(self, params: list[tuple[str, str]]) -> Match:
        by_sign: dict[str, list[Match]] = {"+": [], "-": [], "": []}
        for name, value in params:
            if name in _BOOL:
                by_sign[_BOOL[name]].append(self._parsed(check_bare(value), "lucene", self.params))
        required = [*by_sign["+"], *(match.negated() for match in by_sign["-"])]
        if by_sign[""] and not by_sign["+"]:
            required.append(any_of(by_sign[""]))
        return all_of(required) if required else NOTHING

    def _lucene(self, text: str, params: Mapping[str, Any]) -> Match:
        field = str(params.get("df") or "text")
        translator = Translator(
            self.terms,
            lambda value, is_phrase: self.terms.term(field, value, phrase=is_phrase),
            field,
            any_by_default=str(params.get("q.op", "AND")).upper() == "OR",
        )
        return translator.translate(lucene.parse(text))

    def _edismax(self, text: str, free: FreeText) -> Match:
        try:
            tree = lucene.parse(text)
        except QueryNotUnderstoodError:
            return free.dismax(text)
        return free.edismax(tree)

    def _refuse_functions(self) -> None:
        for name in _REFUSED:
            if self.params.get(name):
                raise NotSupportedError(f"The parameter {name!r} (functions) is not supported")


def read(q: str, params: Mapping[str, Any], stem: Stemmer) -> Match:
    """Read the query of a request; see :meth:`QueryReader.matches`."""
    budget = Budget(config.max_clauses())
    terms = Terms(stem, datetime.now(UTC), budget)
    return QueryReader(params, terms).matches(q)


def query_fields(params: Mapping[str, Any]) -> dict[str, float]:
    """Return the fields of free text with their weights: the caller's or the configured ones."""
    wanted = str(params.get("qf") or QUERY_FIELDS)
    return parse_query_fields(config.query_fields() if wanted == QUERY_FIELDS else wanted)


def check_bare(text: str) -> str:
    """Return a query that itself must not name a parser again.

    Raises
    ------
    NotSupportedError
        If it does.
    """
    if text.lstrip().startswith("{!"):
        raise NotSupportedError("A query parser inside a query parser is not supported")
    return text


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(item) for item in value]
