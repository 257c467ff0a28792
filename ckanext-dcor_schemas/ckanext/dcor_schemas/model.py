"""Tables of this plugin: uploads (docs/decisions/0001-pipeline-tables.md), mail, maintenance."""

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


class MailRow(tk.BaseModel):
    """A message that a committed transaction wants to be sent; deleted once it was."""

    __tablename__ = "dcor_mail"

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    recipient_name = sa.Column(sa.Text, nullable=False)
    recipient_email = sa.Column(sa.Text, nullable=False)
    subject = sa.Column(sa.Text, nullable=False)
    body = sa.Column(sa.Text, nullable=False)
    created = sa.Column(
        sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
    )
    not_before = sa.Column(
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.text("CURRENT_TIMESTAMP"),
        index=True,
    )
    attempt = sa.Column(sa.Integer, nullable=False, server_default="0")
    error_text = sa.Column(sa.Text)


class MoveRow(tk.BaseModel):
    """A move of a dataset to another circle that is not finished.

    It has no foreign keys: what is left over in the old bucket outlives dataset and circles.
    """

    __tablename__ = "dcor_move"

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    from_circle = sa.Column(sa.UnicodeText, nullable=False)
    to_circle = sa.Column(sa.UnicodeText, nullable=False)
    #: ``copy`` until the dataset is switched over, ``cleanup`` afterwards.
    phase = sa.Column(sa.Text, nullable=False)
    started = sa.Column(
        sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
    )


class GroupActivityRow(tk.BaseModel):
    """When a circle or collection, or what is in it, was changed last."""

    __tablename__ = "dcor_group_activity"

    group_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True
    )
    modified = sa.Column(
        sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
    )
