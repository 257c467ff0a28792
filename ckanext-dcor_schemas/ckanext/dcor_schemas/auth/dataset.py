"""Auth functions for datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.logic.auth as core
from ckan import authz, model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config, messages, policy, roles, stored
from ckanext.dcor_schemas.auth.answers import allow, deny, for_users, roles_of_caller, state_of
from ckanext.dcor_schemas.auth.facts import resource_facts
from ckanext.dcor_schemas.policy import Action, Right
from ckanext.dcor_schemas.rules import NotAllowedError
from ckanext.dcor_schemas.rules.dataset import Change, check_change
from ckanext.dcor_schemas.rules.differences import as_bool, group_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import AuthResult, Context, DataDict

    from ckanext.dcor_schemas.rules.resource import ResourceFacts


@for_users
def package_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may create a dataset: through the API, in a circle where one may."""
    data, user = data_dict, context.get("user")
    if "api_version" not in context:
        return deny(messages.CREATE_ONLY_BY_API)
    if not authz.has_user_permission_for_some_org(user, "create_dataset"):
        return deny(messages.not_authorized_to_create(user))
    circle = data.get("owner_org")
    if circle and not _may_create_in(user, circle):
        return deny(messages.not_authorized_to_create(user, circle))
    if refusal := _may_not_fill(context, added=data.get("groups"), known=()):
        return deny(refusal)
    if refusal := _is_for_sysadmins(data):
        return deny(refusal)
    return _visibility_of_new(data)


def _is_for_sysadmins(data: DataDict) -> str | None:
    """Why a new dataset may not be described like this by regular users."""
    if data.get("id"):
        return messages.ID_ONLY_BY_SYSADMIN
    if any(data.get(name) for name in policy.RELATIONSHIPS):
        return messages.RELATED_BY_SYSADMIN
    return None


def _may_create_in(user: str | None, circle: object) -> bool:
    return authz.has_user_permission_for_group_or_org(str(circle), user, "create_dataset")


def _visibility_of_new(data: DataDict) -> AuthResult:
    private = data.get("private")
    if private is not None and not as_bool(private) and not config.allow_public_datasets():
        return deny(messages.NO_PUBLIC_CREATE)
    return allow()


@for_users
def package_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may change what of a dataset; also for ``package_patch`` and ``package_revise``."""
    package = core.get_package_object(context, data_dict)
    data_dict["id"] = package.id  # names are as good as ids
    held = roles_of_caller(context, package)
    if not policy.holds(Right.EDIT, held):
        return deny(messages.not_authorized_to_edit(context.get("user"), package.id))
    if not set(data_dict) - {"id"}:
        return allow()  # "may they edit at all?"
    dataset = stored.dataset(context, package)
    known = [str(group["id"]) for group in dataset.get("groups", [])]
    if refusal := _may_not_fill(context, added=data_dict.get("groups"), known=known):
        return deny(refusal)
    facts = resource_facts(context, package, dataset, data_dict.get("resources"))
    return _checked_change(dataset, data_dict, held, facts)


def _checked_change(
    dataset: DataDict, data: DataDict, held: frozenset[policy.Role], facts: ResourceFacts
) -> AuthResult:
    change = Change(
        stored=dataset,
        submitted=data,
        roles=held,
        resources=facts,
        public_allowed=config.allow_public_datasets(),
    )
    try:
        check_change(change)
    except NotAllowedError as error:
        return deny(str(error))
    return allow()


def _may_not_fill(context: Context, *, added: Any, known: Iterable[str]) -> str | None:
    """Why the caller may not put datasets into one of these collections."""
    user = context.get("user")
    for entry in added if isinstance(added, list) else []:
        reference = group_reference(entry)
        group = model.Group.get(reference) if reference else None
        if group is None:
            raise tk.ObjectNotFound(f"Collection '{reference}' was not found.")
        if group.id in known:
            continue
        if not roles.may_fill(roles.group_capacities(roles.user_id_of(user), group.id)):
            return messages.not_authorized_for_collection(user, reference)
    return None


@for_users
def package_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may delete a dataset."""
    package = core.get_package_object(context, data_dict)
    return _irrevocable(context, package, Action.DELETE, messages.ONLY_DRAFTS_DELETED)


@for_users
def dataset_purge(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may purge a deleted dataset."""
    package = core.get_package_object(context, data_dict)
    return _irrevocable(context, package, Action.PURGE, messages.ONLY_DELETED_PURGED)


def _irrevocable(
    context: Context, package: model.Package, action: Action, wrong_state: str
) -> AuthResult:
    held, state = roles_of_caller(context, package), state_of(package)
    if not policy.holds(Right.EDIT, held):
        return deny(messages.not_authorized_to_edit(context.get("user"), package.id))
    if policy.may(action, state, held):
        return allow()
    if not policy.holds(Right.CIRCLE, held):
        return deny(messages.CIRCLE_RIGHT.format(f"To {action}"))
    return deny(wrong_state)


@for_users
def bulk_update_public(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may publish many datasets of a circle at once."""
    if not config.allow_public_datasets():
        return deny(messages.NO_PUBLIC_UPDATE)
    circle, user = data_dict.get("org_id"), context.get("user")
    if circle and authz.has_user_permission_for_group_or_org(str(circle), user, "update"):
        return allow()
    return deny(messages.ONLY_ADMINS)


@for_users
def dcor_resource_retry(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may have failed steps tried again: those who may edit the dataset."""
    package = core.get_package_object(context, data_dict)
    if policy.holds(Right.EDIT, roles_of_caller(context, package)):
        return allow()
    return deny(messages.not_authorized_to_edit(context.get("user"), package.id))
