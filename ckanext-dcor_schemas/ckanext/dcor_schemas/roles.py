"""What a user is to a dataset or to a group: one SQL statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import authz, model

from ckanext.dcor_schemas.policy import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROLES: dict[tuple[str, str], Role] = {
    ("circle", "member"): Role.CIRCLE_MEMBER,
    ("circle", "editor"): Role.CIRCLE_EDITOR,
    ("circle", "admin"): Role.CIRCLE_ADMIN,
    ("collaborator", "member"): Role.COLLABORATOR_MEMBER,
    ("collaborator", "editor"): Role.COLLABORATOR_EDITOR,
    ("collaborator", "admin"): Role.COLLABORATOR_ADMIN,
    ("collection", "member"): Role.COLLECTION_MEMBER,
    ("collection", "editor"): Role.COLLECTION_EDITOR,
    ("collection", "admin"): Role.COLLECTION_ADMIN,
}
#: The group itself and its ancestors; a cascading capacity in an ancestor counts as well.
_LINE = """
    line(id, depth) AS (
        SELECT CAST(:group_id AS text), 0
        UNION
        SELECT m.table_id, line.depth + 1 FROM line
        JOIN member m ON m.group_id = line.id AND m.table_name = 'group' AND m.state = 'active'
        JOIN "group" parent ON parent.id = m.table_id AND parent.state = 'active'
        WHERE line.depth < 20
    )"""
_IN_LINE = """
    FROM line JOIN member m ON m.group_id = line.id
    WHERE m.table_name = 'user' AND m.table_id = :user_id AND m.state = 'active'
      AND (line.depth = 0 OR m.capacity IN :cascading)"""
_DATASET_ROLES = sa.text(
    f"""WITH RECURSIVE {_LINE}
    SELECT 'circle' AS kind, m.capacity {_IN_LINE}
    UNION
    SELECT 'collaborator', capacity FROM package_member
    WHERE package_id = :package_id AND user_id = :user_id
    UNION
    SELECT 'collection', m.capacity
    FROM member shared
    JOIN "group" g ON g.id = shared.group_id AND g.state = 'active' AND NOT g.is_organization
    JOIN member m ON m.group_id = g.id
    WHERE shared.table_name = 'package' AND shared.table_id = :package_id
      AND shared.state = 'active'
      AND m.table_name = 'user' AND m.table_id = :user_id AND m.state = 'active'"""  # noqa: S608
).bindparams(sa.bindparam("cascading", expanding=True))
_GROUP_CAPACITIES = sa.text(
    f"WITH RECURSIVE {_LINE} SELECT DISTINCT m.capacity {_IN_LINE}"
).bindparams(sa.bindparam("cascading", expanding=True))


def dataset_roles(user_id: str | None, package: model.Package) -> frozenset[Role]:
    """All roles that a user has for a dataset; anonymous visitors have exactly one."""
    if not user_id:
        return frozenset({Role.ANONYMOUS})
    rows = model.Session.execute(
        _DATASET_ROLES,
        {
            "user_id": user_id,
            "package_id": package.id,
            "group_id": package.owner_org,
            "cascading": _cascading(),
        },
    )
    found = {_ROLES[row.kind, row.capacity] for row in rows if (row.kind, row.capacity) in _ROLES}
    return frozenset(found | {Role.STRANGER})


def group_capacities(user_id: str | None, group_id: str) -> frozenset[str]:
    """Capacities (``member``, ``editor``, ``admin``) of a user in a circle or collection."""
    if not user_id:
        return frozenset()
    rows = model.Session.execute(
        _GROUP_CAPACITIES,
        {"user_id": user_id, "group_id": group_id, "cascading": _cascading()},
    )
    return frozenset(row.capacity for row in rows)


def may_fill(capacities: Iterable[str]) -> bool:
    """Whether these capacities in a collection allow to add and remove datasets."""
    return not {"editor", "admin"}.isdisjoint(capacities)


def user_id_of(user_name: str | None) -> str | None:
    """Id of the user of a context, None for visitors."""
    return authz.get_user_id_for_username(user_name, allow_none=True) if user_name else None


def _cascading() -> list[str]:
    configured = authz.check_config_permission("roles_that_cascade_to_sub_groups")
    return list(configured) if isinstance(configured, (list, tuple)) else []
