"""Permission labels: a reader needs one of the labels of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import authz, model

if TYPE_CHECKING:
    from collections.abc import Iterable

_GROUPS_OF_DATASET = sa.text(
    "SELECT group_id FROM member"
    " WHERE table_name = 'package' AND table_id = :dataset_id AND state = 'active'"
)
#: All memberships of a user, with the sub-circles that a cascading capacity reaches.
_OF_USER = sa.text("""
    WITH RECURSIVE own AS (
        SELECT m.group_id, m.capacity, g.is_organization FROM member m
        JOIN "group" g ON g.id = m.group_id AND g.state = 'active'
        WHERE m.table_name = 'user' AND m.table_id = :user_id AND m.state = 'active'
    ), below(id, depth) AS (
        SELECT group_id, 0 FROM own WHERE is_organization AND capacity IN :cascading
        UNION
        SELECT m.group_id, below.depth + 1 FROM below
        JOIN member m ON m.table_id = below.id AND m.table_name = 'group' AND m.state = 'active'
        JOIN "group" g ON g.id = m.group_id AND g.state = 'active' AND g.is_organization
        WHERE below.depth < 20
    )
    SELECT 'group-' || group_id FROM own
    UNION SELECT 'member-' || group_id FROM own WHERE is_organization
    UNION SELECT 'member-' || id FROM below
    UNION SELECT 'collaborator-' || package_id FROM package_member
    WHERE user_id = :user_id AND :collaborators
""").bindparams(sa.bindparam("cascading", expanding=True))


def dataset_labels(dataset_obj: model.Package, defaults: Iterable[str]) -> list[str]:
    """CKAN's labels of a dataset, and one for every circle or collection that has it.

    A public dataset needs no more: everybody has the label ``public``.
    """
    if "public" in (defaults := list(defaults)):
        return defaults
    rows = model.Session.execute(_GROUPS_OF_DATASET, {"dataset_id": dataset_obj.id})
    return [*defaults, *(f"group-{row.group_id}" for row in rows)]


def user_labels(user_obj: model.User | None, defaults: Iterable[str] = ()) -> list[str]:
    """Labels of a user, in one statement: CKAN's, and one for every group in any capacity."""
    if not user_obj or user_obj.is_anonymous:
        return list(dict.fromkeys([*defaults, "public"]))
    cascading = authz.check_config_permission("roles_that_cascade_to_sub_groups")
    rows = model.Session.execute(
        _OF_USER,
        {
            "user_id": user_obj.id,
            "cascading": list(cascading) if isinstance(cascading, (list, tuple)) else [],
            "collaborators": bool(authz.check_config_permission("allow_dataset_collaborators")),
        },
    )
    own = ["public", f"creator-{user_obj.id}", *(row[0] for row in rows)]
    return list(dict.fromkeys([*defaults, *own]))
