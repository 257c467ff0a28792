"""Auth functions for circles and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.logic.auth as core
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config, messages, policy, roles
from ckanext.dcor_schemas.auth.answers import allow, deny, for_users, roles_of_caller
from ckanext.dcor_schemas.policy import Right
from ckanext.dcor_schemas.rules.differences import as_bool, group_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import AuthResult, Context, DataDict

    AuthFunction = Callable[[Context, DataDict], AuthResult]


def _capacities(context: Context, group: model.Group) -> frozenset[str]:
    return roles.group_capacities(roles.user_id_of(context.get("user")), group.id)


def may_list(context: Context) -> bool:
    """Whether the caller may see which circles, collections and tags there are."""
    return config.allow_content_listing_for_anon() or bool(context.get("user"))


# Reading


@tk.auth_allow_anonymous_access
def group_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may list collections; never with their users."""
    if as_bool(data_dict.get("include_users")):
        return deny(messages.GROUP_USERS_HIDDEN)
    return allow() if may_list(context) else deny(messages.LISTING_DISABLED)


@tk.auth_allow_anonymous_access
def group_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may see a circle or collection; its users are for its members (see ``listing``)."""
    if not may_list(context):
        return deny(messages.LISTING_DISABLED)
    group = core.get_group_object(context, data_dict)
    if group.state != "active" and "admin" not in _capacities(context, group):
        return deny(messages.GROUP_DELETED)
    if as_bool(data_dict.get("include_users")) and not context.get("user"):
        return deny(messages.GROUP_USERS_HIDDEN)
    return allow()


@tk.auth_allow_anonymous_access
def member_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may see what is in a group; its users are for its members."""
    group = core.get_group_object(context, data_dict)
    if data_dict.get("object_type") not in {"package", "group"} and not _capacities(context, group):
        return deny(messages.GROUP_USERS_HIDDEN)
    return group_show(context, {"id": group.id})


# Changing what is in a group


@for_users
def member_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may add a user or a dataset to a group."""
    group = core.get_group_object(context, data_dict)
    if refusal := _may_not_change_members(context, group, data_dict):
        return deny(refusal)
    if data_dict.get("object_type") == "package":
        return _sharing(context, [data_dict.get("object")])
    return allow()


@for_users
def member_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may remove a user or a dataset from a group."""
    group = core.get_group_object(context, data_dict)
    refusal = _may_not_change_members(context, group, data_dict)
    return deny(refusal) if refusal else allow()


def _may_not_change_members(
    context: Context, group: model.Group, data_dict: DataDict
) -> str | None:
    fills = data_dict.get("object_type") == "package" and not group.is_organization
    capacities = _capacities(context, group)
    if "admin" in capacities or (fills and roles.may_fill(capacities)):
        return None
    return messages.not_authorized_for_collection(context.get("user"), group.id)


def _sharing(context: Context, references: list[Any]) -> AuthResult:
    """Datasets that are not public may only be shared by those who may edit them."""
    for reference in references:
        package = model.Package.get(str(reference)) if reference else None
        if package is None or (package.state == "active" and not package.private):
            continue
        if not policy.holds(Right.EDIT, roles_of_caller(context, package)):
            return deny(messages.not_authorized_to_collect(context.get("user"), package.id))
    return allow()


def _added_packages(data_dict: DataDict, known: frozenset[str]) -> list[str]:
    packages = data_dict.get("packages")
    entries = packages if isinstance(packages, list) else []
    return [ref for ref in (group_reference(entry) for entry in entries) if ref not in known]


def _known_packages(group: model.Group) -> frozenset[str]:
    query = (
        model.Session.query(model.Package.id, model.Package.name)
        .join(model.Member, model.Member.table_id == model.Package.id)
        .filter(model.Member.table_name == "package", model.Member.state == "active")
        .filter(model.Member.group_id == group.id)
    )
    return frozenset(text for row in query for text in (row.id, row.name))


def _with_sharing_rule(next_auth: AuthFunction, context: Context, data: DataDict) -> AuthResult:
    answer = next_auth(context, data)
    if not answer["success"] or not data.get("packages"):
        return answer
    group = model.Group.get(str(data["id"])) if data.get("id") else None
    return _sharing(
        context, _added_packages(data, _known_packages(group) if group else frozenset())
    )


@tk.chained_auth_function
def group_create(next_auth: AuthFunction, context: Context, data_dict: DataDict) -> AuthResult:
    """Who may create a collection, possibly with datasets in it."""
    return _with_sharing_rule(next_auth, context, data_dict)


@tk.chained_auth_function
def group_update(next_auth: AuthFunction, context: Context, data_dict: DataDict) -> AuthResult:
    """Who may change a collection and what is in it."""
    return _with_sharing_rule(next_auth, context, data_dict)


@tk.chained_auth_function
def organization_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Who may create a circle; datasets of others cannot be drawn into it."""
    return _with_sharing_rule(next_auth, context, data_dict)


@tk.chained_auth_function
def organization_update(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Who may change a circle; datasets of others cannot be drawn into it."""
    return _with_sharing_rule(next_auth, context, data_dict)
