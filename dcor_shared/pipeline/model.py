"""Tables of the pipeline; why they look like this: docs/decisions/0001-pipeline-tables.md."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckan.plugins import toolkit as tk

_NOW = sa.text("CURRENT_TIMESTAMP")


def _moment(**kwargs: object) -> sa.Column[object]:
    return sa.Column(sa.DateTime(timezone=True), **kwargs)  # type: ignore[arg-type]


class StepRow(tk.BaseModel):  # type: ignore[misc]
    """State of one step of one resource."""

    __tablename__ = "dcor_step"

    resource_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    step = sa.Column(sa.Text, primary_key=True)
    version = sa.Column(sa.Integer, nullable=False)
    queue = sa.Column(sa.Text, nullable=False)
    etag = sa.Column(sa.Text, nullable=False)
    state = sa.Column(sa.Text, nullable=False, server_default="pending")
    attempt = sa.Column(sa.Integer, nullable=False, server_default="0")
    error_code = sa.Column(sa.Text)
    error_text = sa.Column(sa.Text)
    created = _moment(nullable=False, server_default=_NOW)
    not_before = _moment(nullable=False, server_default=_NOW)
    started = _moment()
    finished = _moment()
    worker = sa.Column(sa.Text)
    lease_until = _moment()
    #: Values for the resource dictionary that are not written there yet.
    fields = sa.Column(JSONB(none_as_null=True))

    __table_args__ = (
        sa.Index(
            "dcor_step_unfinished",
            "state",
            "not_before",
            postgresql_where=sa.text("state IN ('pending', 'running')"),
        ),
        sa.Index(
            "dcor_step_unwritten",
            "resource_id",
            postgresql_where=sa.text("fields IS NOT NULL"),
        ),
    )


class RecordRow(tk.BaseModel):  # type: ignore[misc]
    """What is known of the content of a resource; valid for exactly one etag."""

    __tablename__ = "dcor_record"

    resource_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    etag = sa.Column(sa.Text, nullable=False)
    identifier = sa.Column(sa.Text, index=True)
    original = sa.Column(JSONB)
    condensed = sa.Column(JSONB)
    extra = sa.Column(JSONB, nullable=False, server_default=sa.text("'{}'::jsonb"))
    modified = _moment(nullable=False, server_default=_NOW)


class OutboxRow(tk.BaseModel):  # type: ignore[misc]
    """Work on the object store that a committed transaction asked for.

    It has no foreign keys: the deletion of objects outlives the purge of their resource.
    """

    __tablename__ = "dcor_outbox"

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    action = sa.Column(sa.Text, nullable=False)
    circle_id = sa.Column(sa.Text, nullable=False)
    resource_id = sa.Column(sa.Text, nullable=False)
    created = _moment(nullable=False, server_default=_NOW)
    not_before = _moment(nullable=False, server_default=_NOW, index=True)
    attempt = sa.Column(sa.Integer, nullable=False, server_default="0")
    error_text = sa.Column(sa.Text)
