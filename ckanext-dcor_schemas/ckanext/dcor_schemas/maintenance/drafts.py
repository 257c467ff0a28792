"""Drafts that nobody has touched for a long time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from ckanext.dcor_schemas.maintenance import ages
from ckanext.dcor_schemas.maintenance.calling import call

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class Draft:
    """A draft that is old enough to be removed."""

    id: str
    name: str
    modified: dt.datetime


@dataclass(frozen=True)
class Found:
    """What a search for old drafts has found.

    Attributes
    ----------
    drafts
        Old drafts, the oldest first.
    ignored
        Number of all other datasets: younger drafts, active and deleted ones.
    """

    drafts: list[Draft]
    ignored: int


def find(older_than_days: float) -> Found:
    """Drafts whose metadata were modified more than so many days ago; -1: all drafts."""
    table = model.Package.__table__
    old = sa.and_(
        table.c.state == "draft", table.c.metadata_modified < ages.days_ago(older_than_days)
    )
    columns = (table.c.id, table.c.name, table.c.metadata_modified)
    rows = model.Session.execute(sa.select(*columns).where(old).order_by(columns[2])).all()
    total = model.Session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return Found([Draft(*row) for row in rows], int(total) - len(rows))


def remove(draft: Draft) -> None:
    """Delete and purge a draft; its objects follow after the commit."""
    call("package_delete", id=draft.id)
    call("dataset_purge", id=draft.id)
