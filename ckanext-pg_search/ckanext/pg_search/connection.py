"""The object that CKAN takes for a connection to Solr."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pysolr
import sqlalchemy as sa

from ckan.lib.search.common import solr_datetime_decoder

from ckanext.pg_search import appending, config, database, facets, query, ranking, results, sorting
from ckanext.pg_search.documents import Row, to_row
from ckanext.pg_search.errors import (
    IndexMissingError,
    IndexNotReachableError,
    QueryNotUnderstoodError,
)
from ckanext.pg_search.stems import DictionaryStemmer
from ckanext.pg_search.tables import DOCUMENT, POINT, UPSERT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from ckanext.pg_search.matching import Match


class PgConnection:
    """Searches and changes the index with the methods of :class:`pysolr.Solr` that CKAN uses.

    Parameters
    ----------
    decode_dates
        Whether dates are given back as datetime objects.
    """

    url = "postgresql"
    """CKAN names it in error texts."""

    def __init__(self, *, decode_dates: bool = True) -> None:
        self._decode_dates = decode_dates

    def search(self, q: str, **params: Any) -> pysolr.Results:
        """Search datasets.

        Parameters
        ----------
        q
            The query.
        params
            ``fq rows start sort fl defType df q.op qf mm facet facet.field facet.limit
            facet.mincount`` as in Solr; what else CKAN sends is ignored.

        Raises
        ------
        ckan.lib.search.common.SearchQueryError
            If the query is wrong, not supported or too large.
        pysolr.SolrError
            If ``sort`` cannot be read or the database fails.
        """
        rows, start = (facets.integer(params, *pair) for pair in (("rows", 10), ("start", 0)))
        if start < 0:
            raise QueryNotUnderstoodError("start must not be negative")
        wanted = facets.wanted(params)
        with database.searching(config.timeout()) as connection:
            match = query.read(q, params, DictionaryStemmer(connection, config.dictionary()))
            documents = _page(connection, match, params, start, rows) if rows > 0 else []
            counts = facets.count(connection, match.condition, wanted)
        return self._answer(documents, counts)

    def add(self, docs: Iterable[Mapping[str, Any]], commit: bool | None = None) -> None:  # noqa: FBT001
        """Write datasets into the index.

        Parameters
        ----------
        docs
            Documents as CKAN makes them for Solr.
        commit
            Commit at once if this is all that the transaction has written; otherwise its owner
            commits.

        Raises
        ------
        pysolr.SolrError
            If the database fails; nothing is written then.
        """
        may_commit = bool(commit) and database.is_alone()
        with database.savepoint() as connection:
            stem = DictionaryStemmer(connection, config.dictionary())
            whole = appending.payload()
            for document in docs:
                if whole is None:
                    _write(connection, to_row(document, stem))
                else:
                    appending.append(connection, document, stem, whole)
        if may_commit:
            database.commit()

    def appending(self, **payload: str) -> AbstractContextManager[None]:
        """Within the block, added documents grow the lists of those that are in the index.

        Parameters
        ----------
        data_dict, validated_data_dict
            The whole dataset, as JSON texts; the documents need to have new resources only.
        """
        return appending.appending(**payload)

    def delete(
        self,
        id: str | None = None,  # noqa: A002 - the name that pysolr gives it
        q: str | None = None,
        commit: bool | None = None,  # noqa: FBT001
    ) -> None:
        """Remove datasets from the index; without its tables there is nothing to remove.

        Parameters
        ----------
        id
            ``index_id`` of a dataset.
        q
            Query for the datasets, in Lucene's syntax.
        commit
            As in :meth:`add`.

        Raises
        ------
        ValueError
            If not exactly one of ``id`` and ``q`` is given.
        pysolr.SolrError
            If the database fails; nothing is removed then.
        """
        if (id is None) == (q is None):
            raise ValueError("Give either the id of a dataset or a query")
        may_commit = bool(commit) and database.is_alone()
        with suppress(IndexMissingError), database.savepoint() as connection:
            _remove(connection, id, q)
        if may_commit:
            database.commit()

    def commit(self, **_kwargs: Any) -> None:
        """Commit what was added and removed, unless CKAN is inside a savepoint."""
        database.commit()

    def _answer(self, documents: list[dict[str, Any]], counts: facets.Counts) -> pysolr.Results:
        docs = [solr_datetime_decoder(d) for d in documents] if self._decode_dates else documents
        fields = {
            field: [part for pair in pairs for part in pair]
            for field, pairs in counts.values.items()
        }
        return pysolr.Results(
            {
                "response": {"docs": docs, "numFound": counts.hits},
                "facet_counts": {"facet_fields": fields},
            }
        )


def _page(
    connection: sa.Connection, match: Match, params: Mapping[str, Any], start: int, rows: int
) -> list[dict[str, Any]]:
    names = results.field_list(params.get("fl"))
    score = ranking.score(match.ranks, ranking.class_weights(query.query_fields(params)))
    order = sorting.order_by(str(params.get("sort") or ""), score if match.ranks else None)
    page = (
        sa.select(*results.columns(names, score))
        .where(match.condition)
        .order_by(*order)
        .offset(start)
        .limit(rows)
    )
    found = connection.execute(page).mappings().all()
    return [results.to_document(row, names) for row in found]


def _remove(connection: sa.Connection, index_id: str | None, q: str | None) -> None:
    condition = DOCUMENT.c.index_id == index_id
    if q is not None:
        condition = query.read(q, {}, DictionaryStemmer(connection, config.dictionary())).condition
    connection.execute(sa.delete(DOCUMENT).where(condition))


def _write(connection: sa.Connection, row: Row) -> None:
    columns = row.columns
    if not columns.get("index_id"):
        raise IndexNotReachableError("A document for the search index has no index_id")
    doc_no = connection.scalar(UPSERT, columns)
    connection.execute(sa.delete(POINT).where(POINT.c.doc_no == doc_no))
    if row.points:
        points = [{"doc_no": doc_no, "field": name, "value": value} for name, value in row.points]
        connection.execute(sa.insert(POINT), points)
