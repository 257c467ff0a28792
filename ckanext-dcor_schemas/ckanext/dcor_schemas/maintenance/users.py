"""Users of the site."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.maintenance import ages

_WEEK = 7
_ZOMBIES = sa.text("""
SELECT u.name FROM "user" u
WHERE u.state <> 'deleted' AND NOT u.sysadmin AND u.name <> :site_user
  AND (u.last_active IS NULL OR u.last_active < :before)
  AND NOT EXISTS (SELECT 1 FROM package p WHERE p.creator_user_id = u.id)
ORDER BY u.created, u.name
""")


def zombies(weeks: float) -> list[str]:
    """Names of users without datasets who were not active within so many weeks."""
    known = {"before": ages.days_ago(weeks * _WEEK), "site_user": tk.config["ckan.site_id"]}
    return list(model.Session.execute(_ZOMBIES, known).scalars())
