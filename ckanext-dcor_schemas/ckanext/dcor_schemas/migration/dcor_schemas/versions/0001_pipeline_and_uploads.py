"""Tables of the pipeline and of uploads.

Revision ID: 0001
Revises:

The pipeline's tables are described in dcor_shared/pipeline/model.py; they are created here because
``dcor_schemas`` is the plugin that every instance has.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NOW = sa.text("CURRENT_TIMESTAMP")


def _moment(name: str, **kwargs: object) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), **kwargs)


def _resource_id() -> sa.Column:
    return sa.Column(
        "resource_id",
        sa.UnicodeText,
        sa.ForeignKey("resource.id", ondelete="CASCADE"),
        primary_key=True,
    )


def upgrade() -> None:
    _create_step()
    _create_record()
    _create_outbox()
    _create_upload()


def downgrade() -> None:
    for table in ("dcor_upload", "dcor_outbox", "dcor_record", "dcor_step"):
        op.drop_table(table)


def _create_step() -> None:
    op.create_table(
        "dcor_step",
        _resource_id(),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="pending"),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error_code", sa.Text),
        sa.Column("error_text", sa.Text),
        _moment("created", nullable=False, server_default=NOW),
        _moment("not_before", nullable=False, server_default=NOW),
        _moment("started"),
        _moment("finished"),
        sa.Column("worker", sa.Text),
        _moment("lease_until"),
        sa.Column("fields", JSONB),
    )
    op.create_index(
        "dcor_step_unfinished",
        "dcor_step",
        ["state", "not_before"],
        postgresql_where=sa.text("state IN ('pending', 'running')"),
    )
    op.create_index(
        "dcor_step_unwritten",
        "dcor_step",
        ["resource_id"],
        postgresql_where=sa.text("fields IS NOT NULL"),
    )


def _create_record() -> None:
    op.create_table(
        "dcor_record",
        _resource_id(),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("identifier", sa.Text, index=True),
        sa.Column("original", JSONB),
        sa.Column("condensed", JSONB),
        sa.Column("extra", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
        _moment("modified", nullable=False, server_default=NOW),
    )


def _create_outbox() -> None:
    op.create_table(
        "dcor_outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("circle_id", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, nullable=False),
        _moment("created", nullable=False, server_default=NOW),
        _moment("not_before", nullable=False, server_default=NOW, index=True),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error_text", sa.Text),
    )


def _create_upload() -> None:
    op.create_table(
        "dcor_upload",
        sa.Column("resource_id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("circle_id", sa.UnicodeText, nullable=False),
        sa.Column("file_size", sa.BigInteger, nullable=False),
        _moment("created", nullable=False, server_default=NOW),
        sa.Column("size", sa.BigInteger),
        sa.Column("etag", sa.Text),
        sa.Column("settled", sa.Boolean, nullable=False, server_default=sa.false()),
        _moment("registered"),
    )
    op.create_index(
        "dcor_upload_pending",
        "dcor_upload",
        ["user_id", "created"],
        postgresql_where=sa.text("registered IS NULL"),
    )
