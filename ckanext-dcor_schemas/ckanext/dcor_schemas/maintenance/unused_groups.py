"""Circles and collections in which nothing is, and nothing has happened for a long time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.dcor_schemas import group_activity
from ckanext.dcor_schemas.maintenance import ages
from ckanext.dcor_schemas.maintenance.calling import call

if TYPE_CHECKING:
    import datetime as dt

_CONTENT = sa.text("""
SELECT g.id, g.name, coalesce(g.title, '') AS title, g.is_organization AS is_circle,
  EXISTS (SELECT 1 FROM member m JOIN "group" c ON c.id = m.group_id AND c.state = 'active'
          WHERE m.table_name = 'group' AND m.table_id = g.id AND m.state = 'active')
    AS has_children,
  EXISTS (SELECT 1 FROM package p JOIN member m ON m.table_id = p.id
          WHERE m.table_name = 'package' AND m.state = 'active' AND m.group_id = g.id
            AND p.state = 'active') AS has_datasets,
  EXISTS (SELECT 1 FROM package p WHERE p.owner_org = g.id AND p.state <> 'active')
    AS has_others
FROM "group" g WHERE g.state = 'active' ORDER BY g.is_organization, g.name
""")


class Judgement(StrEnum):
    """What becomes of a group."""

    UNUSED = "unused"
    IN_USE = "in use"
    YOUNG = "was changed lately"
    PARENT = "has child groups"
    RESTORABLE = "has drafts or deleted datasets"


@dataclass(frozen=True)
class JudgedGroup:
    """A circle or collection, and what becomes of it."""

    id: str
    name: str
    title: str
    is_circle: bool
    judgement: Judgement

    @property
    def kind(self) -> str:
        """The word for it."""
        return "circle" if self.is_circle else "collection"


def judge_all(modified_before_months: float) -> list[JudgedGroup]:
    """Judge all active circles and collections.

    Parameters
    ----------
    modified_before_months
        A group in which something happened within so many months (of 31 days) is young.
    """
    before = ages.months_ago(modified_before_months)
    latest = group_activity.latest()
    return [
        JudgedGroup(
            row.id, row.name, row.title, bool(row.is_circle), _judge(row, latest[row.id], before)
        )
        for row in model.Session.execute(_CONTENT).all()
        if row.id in latest
    ]


def _judge(row: Any, latest: Any, before: dt.datetime) -> Judgement:
    if row.has_children:
        return Judgement.PARENT
    if row.has_datasets:
        return Judgement.IN_USE
    if latest >= before:
        return Judgement.YOUNG
    return Judgement.RESTORABLE if row.has_others else Judgement.UNUSED


def purge(group: JudgedGroup) -> None:
    """Remove a group with its memberships for good."""
    call("organization_purge" if group.is_circle else "group_purge", id=group.id)
