"""Books of uploads that nobody needs any more (docs/decisions/0031)."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.dcor_schemas.model import UploadRow

#: Objects of uploads may lie about for so many days: the lifecycle rule of the buckets.
LEAST_DAYS = 7
_TABLE = UploadRow.__table__


def count(older_than_days: float) -> int:
    """Number of uploads that were allowed (or continued) more than so many days ago."""
    query = sa.select(sa.func.count()).select_from(_TABLE).where(_old(older_than_days))
    return int(model.Session.execute(query).scalar_one())


def forget(older_than_days: float) -> int:
    """Remove their rows and commit; the number removed. None that is younger than a week."""
    removed = model.Session.execute(sa.delete(_TABLE).where(_old(older_than_days)))
    model.Session.commit()
    return int(removed.rowcount)


def _old(older_than_days: float) -> sa.ColumnElement[bool]:
    days = max(older_than_days, LEAST_DAYS)
    return _TABLE.c.created < sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, days * 86400)
