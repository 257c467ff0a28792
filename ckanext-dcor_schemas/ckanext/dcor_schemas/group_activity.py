"""When was a circle or a collection changed last? CKAN does not keep that.

Noted whenever CKAN's session writes a group or a membership; the command that removes unused
groups reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# Groups that do not exist (any more) are left out; the first hour counts as their creation.
_NOTE = sa.text("""
INSERT INTO dcor_group_activity (group_id, modified)
SELECT id, CURRENT_TIMESTAMP FROM "group" WHERE id = ANY(:group_ids)
  AND created < (CURRENT_TIMESTAMP AT TIME ZONE 'UTC') - interval '1 hour' ORDER BY id
ON CONFLICT (group_id) DO UPDATE SET modified = excluded.modified
""")
_LATEST = sa.text("""
SELECT g.id, greatest(
  g.created,
  (SELECT a.modified AT TIME ZONE 'UTC' FROM dcor_group_activity a WHERE a.group_id = g.id),
  (SELECT max(p.metadata_modified) FROM package p
   WHERE p.owner_org = g.id OR EXISTS (
     SELECT 1 FROM member m WHERE m.table_name = 'package' AND m.table_id = p.id
       AND m.group_id = g.id AND m.state = 'active'))) AS latest
FROM "group" g WHERE g.state = 'active'
""")


def listen() -> None:
    """Listen to CKAN's database session; safe to call again."""
    if not sa.event.contains(model.Session, "after_flush", note):
        sa.event.listen(model.Session, "after_flush", note)


def note(session: Session, _flush_context: object) -> None:
    """Note the groups that this flush has changed, or whose members it has changed."""
    groups = {one.id for one in session.dirty if isinstance(one, model.Group) and _says_more(one)}
    members = [*session.new, *session.dirty, *session.deleted]
    groups |= {one.group_id for one in members if isinstance(one, model.Member)}
    groups.discard(None)
    if groups:
        session.execute(_NOTE, {"group_ids": sorted(groups)})


def _says_more(group: model.Group) -> bool:
    """Whether something else was changed than the time of creation (by an import)."""
    attributes = sa.inspect(group).attrs
    changed = {column.key for column in attributes if column.history.has_changes()}
    return bool(changed - {"created"})


def latest() -> dict[str, object]:
    """The latest activity in each active circle and collection, by id."""
    return {row.id: row.latest for row in model.Session.execute(_LATEST)}
