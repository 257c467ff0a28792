"""Errors of pg_search, each named after the rule that was broken.

CKAN answers a ``SearchQueryError`` with status 400 and shows its text; a ``pysolr.SolrError`` is
what CKAN's own code expects from a search engine that could not do its work.
"""

from __future__ import annotations

import pysolr

from ckan.lib.search.common import SearchQueryError


class QueryNotUnderstoodError(SearchQueryError):
    """The query breaks the rules of the query language."""


class NotSupportedError(SearchQueryError):
    """The query uses a part of Solr's language that pg_search does not speak."""


class QueryTooLargeError(SearchQueryError):
    """The query has more parts than one query may have."""


class IndexNotReachableError(pysolr.SolrError):
    """PostgreSQL could not carry out a search or a change of the index."""


class IndexMissingError(IndexNotReachableError):
    """The tables of the search index do not exist."""


class SortNotUnderstoodError(pysolr.SolrError):
    """The ``sort`` parameter cannot be read; CKAN knows this error by its text."""

    def __init__(self, sort: str) -> None:
        super().__init__(f"Can't determine a Sort Order (asc or desc) in sort spec {sort!r}")
