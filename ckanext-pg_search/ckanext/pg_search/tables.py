"""The tables of the search index; ``docs/search.md`` says why they look like this.

They belong to CKAN's metadata, so ``ckan db check`` and ``ckan db create-from-model`` know them.
Text is compared by code points (collation ``C``) like in Solr, whatever the locale of the database.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from ckan.plugins import toolkit as tk

_TEXT = sa.Text(collation="C")
_WORDS = ARRAY(sa.Text(collation="C"))
_MOMENT = sa.DateTime(timezone=True)


def _gin(name: str, column: str, **kwargs: Any) -> sa.Index:
    return sa.Index(f"pg_search_document_{name}", column, postgresql_using="gin", **kwargs)


DOCUMENT = sa.Table(
    "pg_search_document",
    tk.BaseModel.metadata,
    sa.Column("doc_no", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("index_id", _TEXT, nullable=False, unique=True),
    # Fields of their own column are filtered and counted without unpacking a document.
    sa.Column("id", _TEXT, index=True),
    sa.Column("name", _TEXT, index=True),
    sa.Column("site_id", _TEXT),
    sa.Column("entity_type", _TEXT),
    sa.Column("dataset_type", _TEXT),
    sa.Column("state", _TEXT),
    sa.Column("capacity", _TEXT),
    sa.Column("organization", _TEXT, index=True),
    sa.Column("owner_org", _TEXT),
    sa.Column("creator_user_id", _TEXT, index=True),
    sa.Column("license_id", _TEXT),
    sa.Column("title_string", _TEXT),
    sa.Column("tags", _WORDS),
    sa.Column("groups", _WORDS),
    sa.Column("res_format", _WORDS),
    sa.Column("permission_labels", _WORDS),
    sa.Column("metadata_created", _MOMENT),
    sa.Column("metadata_modified", _MOMENT, index=True),
    sa.Column("fields", JSONB, nullable=False),
    sa.Column("data_dict", sa.Text),
    sa.Column("validated_data_dict", sa.Text),
    sa.Column("words", TSVECTOR, nullable=False),
    sa.Column("head", TSVECTOR, nullable=False),
    _gin("words", "words"),
    _gin("permission_labels", "permission_labels"),
    _gin("fields", "fields", postgresql_ops={"fields": "jsonb_path_ops"}),
)
"""One row is one indexed dataset of one site."""

POINT = sa.Table(
    "pg_search_point",
    tk.BaseModel.metadata,
    sa.Column(
        "doc_no",
        sa.BigInteger,
        sa.ForeignKey("pg_search_document.doc_no", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("field", _TEXT, nullable=False),
    sa.Column("value", sa.Double, nullable=False),
    sa.Index("pg_search_point_range", "field", "value", "doc_no"),
    sa.Index("pg_search_point_document", "doc_no", "field", "value"),
)
"""One row is one number of one dataset; dates are seconds since 1970."""


def _upsert() -> sa.TextClause:
    """Write the statement once: SQLAlchemy would compile an upsert anew for every dataset."""
    columns = [column for column in DOCUMENT.c if column.name != "doc_no"]
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(f":{column.name}" for column in columns)
    updates = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in columns)
    return sa.text(
        f"INSERT INTO {DOCUMENT.name} ({names}) VALUES ({values})"  # noqa: S608
        f" ON CONFLICT (index_id) DO UPDATE SET {updates} RETURNING doc_no"
    ).bindparams(*(sa.bindparam(column.name, type_=column.type) for column in columns))


UPSERT = _upsert()
"""Writes a document, whether it is new or not, and gives its number. Names are those above."""
