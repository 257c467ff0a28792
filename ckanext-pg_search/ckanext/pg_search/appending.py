"""Adding to a document that is in the index, instead of writing it anew.

A dataset with a thousand files has a document of a megabyte. When one more file is registered,
only lists grow: names of resources, their formats, addresses and checksums. The caller hands over
a document of the dataset with nothing but the new resources, and both payloads as a whole.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from ckanext.pg_search.documents import to_row, word_vectors
from ckanext.pg_search.errors import IndexNotReachableError
from ckanext.pg_search.fields import is_multiple
from ckanext.pg_search.strings import NAMES
from ckanext.pg_search.tables import DOCUMENT, POINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ckanext.pg_search.documents import Row
    from ckanext.pg_search.text import Stemmer

MAX_LEXEMES = 20_000
"""Documents with more words are written anew, so that the limit for their size is kept."""

_OF_DATASET = ("tags", "groups")
"""Lists that belong to the dataset as a whole."""


class AppendingRefusedError(IndexNotReachableError):
    """The document in the index is none that can be added to; write it anew."""


@dataclass(frozen=True)
class Payload:
    """What is given back for a dataset, as JSON texts of the whole dataset."""

    data_dict: str
    validated_data_dict: str


_payload: ContextVar[Payload | None] = ContextVar("pg_search_payload", default=None)


@contextmanager
def appending(*, data_dict: str, validated_data_dict: str) -> Iterator[None]:
    """Within the block, the lists of documents that are added grow those in the index."""
    token = _payload.set(Payload(data_dict, validated_data_dict))
    try:
        yield
    finally:
        _payload.reset(token)


def payload() -> Payload | None:
    """The payload of the innermost block; None outside of all."""
    return _payload.get()


def _statement() -> sa.TextClause:
    types: dict[str, Any] = {
        "res_format": ARRAY(sa.Text),
        "permission_labels": ARRAY(sa.Text),
        "scalars": JSONB,
        "lists": JSONB,
        "names": ARRAY(sa.Text),
        "words": TSVECTOR,
    }
    return sa.text(f"""
UPDATE {DOCUMENT.name} SET
  metadata_modified = :metadata_modified,
  data_dict = :data_dict,
  validated_data_dict = :validated_data_dict,
  permission_labels = :permission_labels,
  res_format = res_format || :res_format,
  words = words || :words,
  fields = fields || :scalars || (
    SELECT coalesce(jsonb_object_agg(key, (fields -> key) || value), '{{}}')
    FROM jsonb_each(:lists))
WHERE index_id = :index_id AND length(words) < {MAX_LEXEMES} AND fields -> '{NAMES}' ?& :names
RETURNING doc_no
""").bindparams(*(sa.bindparam(name, type_=kind) for name, kind in types.items()))  # noqa: S608


_APPEND = _statement()
_POINT = sa.text(f"""
INSERT INTO {POINT.name} (doc_no, field, value)
SELECT :doc_no, :field, :value WHERE NOT EXISTS (
  SELECT 1 FROM {POINT.name} WHERE doc_no = :doc_no AND field = :field AND value = :value)
""")  # noqa: S608


def append(
    connection: sa.Connection, document: Mapping[str, Any], stem: Stemmer, whole: Payload
) -> None:
    """Add a document with new resources only to the one that is in the index.

    Single values take the place of the old ones, lists grow, words and numbers are added.

    Raises
    ------
    AppendingRefusedError
        If there is no such document, if it misses a list or has too many words.
    """
    row = to_row(document, stem)
    doc_no = connection.scalar(_APPEND, _parameters(row, stem, whole))
    if doc_no is None:
        raise AppendingRefusedError("The dataset cannot be added to in the search index")
    points = [
        {"doc_no": doc_no, "field": field, "value": value}
        for field, value in row.points
        if is_multiple(field)
    ]
    if points:
        connection.execute(_POINT, points)


def _parameters(row: Row, stem: Stemmer, whole: Payload) -> dict[str, Any]:
    fields = {name: found for name, found in row.columns["fields"].items() if name != NAMES}
    lists = {name: found for name, found in fields.items() if _grows(name)}
    columns = ("index_id", "metadata_modified", "permission_labels", "res_format")
    return {name: row.columns[name] for name in columns} | {
        "data_dict": whole.data_dict,
        "validated_data_dict": whole.validated_data_dict,
        "lists": lists,
        "scalars": {name: found for name, found in fields.items() if name not in lists},
        "names": list(fields),
        "words": word_vectors(lists, stem)[0],
    }


def _grows(name: str) -> bool:
    return is_multiple(name) and name not in _OF_DATASET and not name.startswith("vocab_")
