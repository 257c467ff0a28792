"""The tables of the search index.

Revision ID: 5f1d0c9a7e21
Revises:
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

revision = "5f1d0c9a7e21"
down_revision = None
branch_labels = None
depends_on = None

_DOCUMENT = "pg_search_document"
_POINT = "pg_search_point"
_SCALARS = [
    "id",
    "name",
    "site_id",
    "entity_type",
    "dataset_type",
    "state",
    "capacity",
    "organization",
    "owner_org",
    "creator_user_id",
    "license_id",
    "title_string",
]
_ARRAYS = ("tags", "groups", "res_format", "permission_labels")
_INDEXED = ("id", "name", "organization", "creator_user_id", "metadata_modified")


def upgrade() -> None:
    text, moment = sa.Text(collation="C"), sa.DateTime(timezone=True)
    op.create_table(
        _DOCUMENT,
        sa.Column("doc_no", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("index_id", text, nullable=False, unique=True),
        *(sa.Column(name, text) for name in _SCALARS),
        *(sa.Column(name, ARRAY(text)) for name in _ARRAYS),
        sa.Column("metadata_created", moment),
        sa.Column("metadata_modified", moment),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("data_dict", sa.Text),
        sa.Column("validated_data_dict", sa.Text),
        sa.Column("words", TSVECTOR, nullable=False),
        sa.Column("head", TSVECTOR, nullable=False),
    )
    for column in _INDEXED:
        op.create_index(f"ix_{_DOCUMENT}_{column}", _DOCUMENT, [column])
    for column in ("words", "permission_labels"):
        op.create_index(f"{_DOCUMENT}_{column}", _DOCUMENT, [column], postgresql_using="gin")
    op.create_index(
        f"{_DOCUMENT}_fields",
        _DOCUMENT,
        ["fields"],
        postgresql_using="gin",
        postgresql_ops={"fields": "jsonb_path_ops"},
    )
    op.create_table(
        _POINT,
        sa.Column(
            "doc_no",
            sa.BigInteger,
            sa.ForeignKey(f"{_DOCUMENT}.doc_no", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("field", text, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
    )
    op.create_index(f"{_POINT}_range", _POINT, ["field", "value", "doc_no"])
    op.create_index(f"{_POINT}_document", _POINT, ["doc_no", "field", "value"])


def downgrade() -> None:
    op.drop_table(_POINT)
    op.drop_table(_DOCUMENT)
