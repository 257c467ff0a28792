"""Moves of datasets between circles, and the latest activity in circles and collections.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOW = sa.text("CURRENT_TIMESTAMP")


def upgrade() -> None:
    op.create_table(
        "dcor_move",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("from_circle", sa.UnicodeText, nullable=False),
        sa.Column("to_circle", sa.UnicodeText, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False, server_default=NOW),
    )
    op.create_table(
        "dcor_group_activity",
        sa.Column(
            "group_id",
            sa.UnicodeText,
            sa.ForeignKey("group.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False, server_default=NOW),
    )


def downgrade() -> None:
    op.drop_table("dcor_group_activity")
    op.drop_table("dcor_move")
