"""The table of allowed uploads; why it exists: docs/decisions/0001-pipeline-tables.md."""

from __future__ import annotations

import sqlalchemy as sa

from ckan.plugins import toolkit as tk


class UploadRow(tk.BaseModel):
    """One upload that was allowed, from the first URL to the registration and beyond.

    A row stays after registration, so that an id is used only once; it has no foreign keys,
    because it exists before the resource does.
    """

    __tablename__ = "dcor_upload"

    #: Id that the resource is going to have.
    resource_id = sa.Column(sa.UnicodeText, primary_key=True)
    user_id = sa.Column(sa.UnicodeText, nullable=False)
    circle_id = sa.Column(sa.UnicodeText, nullable=False)
    #: Announced size in bytes.
    file_size = sa.Column(sa.BigInteger, nullable=False)
    created = sa.Column(
        sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
    )
    #: What was found on the object store when registration was asked for.
    size = sa.Column(sa.BigInteger)
    etag = sa.Column(sa.Text)
    #: Whether the object is at its final key.
    settled = sa.Column(sa.Boolean, nullable=False, server_default=sa.false())
    registered = sa.Column(sa.DateTime(timezone=True))

    __table_args__ = (
        sa.Index(
            "dcor_upload_pending",
            "user_id",
            "created",
            postgresql_where=sa.text("registered IS NULL"),
        ),
    )
