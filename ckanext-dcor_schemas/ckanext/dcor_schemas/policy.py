"""Who may change what in which state: the one table of the repository's rules.

Auth functions, validators, forms and the documentation (``docs/policy.md``, written by
``python -m ckanext.dcor_schemas.policy``) are made from it. A sysadmin may do everything in it,
so the table never mentions that role.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(StrEnum):
    """What somebody is to a dataset; one person may have several roles."""

    ANONYMOUS = "anonymous"
    STRANGER = "logged in"
    CIRCLE_MEMBER = "circle member"
    CIRCLE_EDITOR = "circle editor"
    CIRCLE_ADMIN = "circle admin"
    COLLABORATOR_MEMBER = "collaborator (member)"
    COLLABORATOR_EDITOR = "collaborator (editor)"
    COLLABORATOR_ADMIN = "collaborator (admin)"
    COLLECTION_MEMBER = "collection member"
    COLLECTION_EDITOR = "collection editor"
    COLLECTION_ADMIN = "collection admin"


class State(StrEnum):
    """State of a dataset; nothing else is ever stored."""

    DRAFT = "draft"
    ACTIVE = "active"
    DELETED = "deleted"


class Right(StrEnum):
    """What somebody must hold to do something."""

    ANYBODY = "anybody"
    LOGIN = "a login"
    READ = "read access"
    EDIT = "the edit right"
    CIRCLE = "the circle right"
    MANAGE = "circle admin"
    SYSADMIN = "sysadmin"


_CIRCLE = frozenset({Role.CIRCLE_EDITOR, Role.CIRCLE_ADMIN})
_EDIT = _CIRCLE | {Role.COLLABORATOR_EDITOR, Role.COLLABORATOR_ADMIN}
_EVERYBODY = frozenset(Role)
#: Which roles hold a right.
HOLDERS: Mapping[Right, frozenset[Role]] = {
    Right.ANYBODY: _EVERYBODY,
    Right.LOGIN: _EVERYBODY - {Role.ANONYMOUS},
    Right.READ: _EVERYBODY - {Role.ANONYMOUS, Role.STRANGER},
    Right.EDIT: _EDIT,
    Right.CIRCLE: _CIRCLE,
    Right.MANAGE: frozenset({Role.CIRCLE_ADMIN}),
    Right.SYSADMIN: frozenset(),
}


class Action(StrEnum):
    """What can be done with a dataset."""

    READ_PUBLIC = "read, when it is public"
    READ = "read, when it is private"
    EDIT = "edit metadata"
    MOVE = "move to another circle"
    RENAME = "change the name"
    RELATE = "relate to other datasets"
    RESOURCES = "add, remove or reorder resources"
    DESCRIBE = "describe resources"
    LOOSEN_LICENSE = "choose a less restrictive licence"
    PUBLISH = "make public"
    ACTIVATE = "activate"
    DELETE = "delete"
    PURGE = "purge"
    SHARE = "manage collaborators"


@dataclass(frozen=True)
class Row:
    """One line of the table: the right that is needed, by state of the dataset.

    Attributes
    ----------
    action
        What is to be done.
    draft, active, deleted
        The right that is needed in this state.
    fields
        Dataset fields that this line governs; ``*`` stands for all that no other line names.
    note
        What else has to hold.
    """

    action: Action
    draft: Right
    active: Right
    deleted: Right
    fields: tuple[str, ...] = ()
    note: str = ""

    def needs(self, state: State) -> Right:
        """The right that is needed in `state`."""
        right: Right = getattr(self, state.value)
        return right


def _row(
    action: Action,
    draft: Right,
    active: Right = Right.SYSADMIN,
    deleted: Right = Right.SYSADMIN,
    *,
    fields: tuple[str, ...] = (),
    note: str = "",
) -> Row:
    return Row(action, draft, active, deleted, fields, note)


#: A relationship shows at both of its datasets, so it would change one that is frozen.
RELATIONSHIPS: tuple[str, ...] = ("relationships_as_object", "relationships_as_subject")
_LOOSER = "A looser value only; the way back is closed"
_CIRCLE_ROW = (Right.CIRCLE, Right.CIRCLE, Right.CIRCLE)
TABLE: tuple[Row, ...] = (
    _row(Action.READ_PUBLIC, Right.READ, Right.ANYBODY, Right.READ, note="Drafts are never public"),
    _row(Action.READ, Right.READ, Right.READ, Right.READ),
    _row(Action.EDIT, Right.EDIT, fields=("*",)),
    _row(
        Action.MOVE,
        Right.CIRCLE,
        fields=("owner_org",),
        note="Only while there are no resources, and only to a circle where one may create",
    ),
    _row(Action.RENAME, Right.SYSADMIN, fields=("name",)),
    _row(Action.RELATE, Right.SYSADMIN, fields=RELATIONSHIPS),
    _row(
        Action.RESOURCES,
        Right.EDIT,
        fields=("resources",),
        note="A file is registered by whoever has uploaded it",
    ),
    _row(Action.DESCRIBE, Right.EDIT, note="`description` and `sp:*`; all else is the server's"),
    _row(Action.LOOSEN_LICENSE, *_CIRCLE_ROW, fields=("license_id",), note=_LOOSER),
    _row(Action.PUBLISH, *_CIRCLE_ROW, fields=("private",), note=_LOOSER),
    _row(
        Action.ACTIVATE,
        Right.CIRCLE,
        fields=("state",),
        note="Needs a valid measurement; no other change of `state` is possible",
    ),
    _row(Action.DELETE, Right.CIRCLE),
    _row(Action.PURGE, Right.SYSADMIN, deleted=Right.CIRCLE),
    _row(Action.SHARE, Right.MANAGE, Right.MANAGE, Right.MANAGE),
)
_BY_ACTION: Mapping[Action, Row] = {row.action: row for row in TABLE}
_BY_FIELD: Mapping[str, Row] = {name: row for row in TABLE for name in row.fields}
#: Fields that have rules of their own in every state, instead of being frozen after activation.
LOOSENED_FIELDS: frozenset[str] = frozenset({"license_id", "private", "state"})
#: Actions that list content: for everybody, unless the site hides its content from visitors.
LISTING_ACTIONS: tuple[str, ...] = (
    "organization_list",
    "member_roles_list",
    "format_autocomplete",
    "tag_list",
    "tag_search",
    "tag_show",
    "vocabulary_show",
)
#: Actions that are for sysadmins alone.
SYSADMIN_ACTIONS: tuple[str, ...] = (
    "bulk_update_delete",
    "bulk_update_private",
    "package_relationship_create",
    "package_relationship_delete",
    "package_relationship_update",
    "resource_delete",
    "user_list",
)
#: Metadata of a resource that people may change; the keys ``sp:*`` of the schema come on top.
DESCRIPTIVE_KEYS: frozenset[str] = frozenset({"description"})
#: What a registration may say about a resource besides describing it.
REGISTRATION_KEYS: frozenset[str] = frozenset({"id", "name", "package_id", "s3_available"})
#: What a resource without an upload may say (no file will ever be behind it).
LEGACY_KEYS: frozenset[str] = frozenset(
    {"name", "package_id", "upload", "url", "url_type", "last_modified", "mimetype", "size"}
)


def holds(right: Right, roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles holds a right."""
    return not HOLDERS[right].isdisjoint(roles)


def may(action: Action, state: State, roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles may do something to a dataset in this state."""
    return holds(_BY_ACTION[action].needs(state), roles)


def needed_for_field(name: str, state: State) -> Right:
    """The right that is needed to change a field of a dataset in this state."""
    return _BY_FIELD.get(name, _BY_FIELD["*"]).needs(state)


if __name__ == "__main__":
    from ckanext.dcor_schemas.policy_page import write

    write()
