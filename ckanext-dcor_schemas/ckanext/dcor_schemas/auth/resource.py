"""Auth functions for resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.logic.auth as core
from ckan import model

from ckanext.dcor_schemas import messages, policy, stored
from ckanext.dcor_schemas.auth.answers import allow, deny, for_users, needs_edit_right, state_of
from ckanext.dcor_schemas.auth.facts import facts_about
from ckanext.dcor_schemas.policy import Action, Role
from ckanext.dcor_schemas.rules import NotAllowedError
from ckanext.dcor_schemas.rules.resource import check_changed, check_new

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict

#: Somebody who holds the edit right; whether the state lets them use it is asked with this role.
_EDITOR = frozenset({Role.CIRCLE_EDITOR})
_REFERENCES = frozenset({"id", "package_id", "resource_id"})


@for_users
def resource_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may add a resource to a dataset."""
    reference = data_dict.get("package_id")
    if not reference and data_dict.get("id"):
        return _about_views(context, data_dict)
    if not reference:
        return deny(messages.NO_PACKAGE_ID)
    package = stored.package_of(reference)
    if refusal := needs_edit_right(context, package):
        return deny(refusal)
    if not policy.may(Action.RESOURCES, state_of(package), _EDITOR):
        return deny(messages.RESOURCES_OF_DRAFTS_ONLY)
    data_dict["package_id"] = package.id
    if not set(data_dict) - _REFERENCES and not data_dict.get("id"):
        return allow() if "api_version" in context else deny(messages.EDIT_DRAFT_HINT)
    return _checked_new(context, package, data_dict)


def _about_views(context: Context, data_dict: DataDict) -> AuthResult:
    """CKAN asks with nothing but an id whether views of a resource may be added."""
    resource = core.get_resource_object(context, data_dict)
    refusal = needs_edit_right(context, stored.package_of(resource.package_id))
    return deny(refusal) if refusal else allow()


def _checked_new(context: Context, package: model.Package, data_dict: DataDict) -> AuthResult:
    new_ids = {str(data_dict["id"])} if data_dict.get("id") else set()
    try:
        check_new(data_dict, facts_about(context, package, new_ids))
    except NotAllowedError as error:
        return deny(str(error))
    return allow()


@for_users
def resource_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may change what of a resource; also for ``resource_patch``."""
    resource = core.get_resource_object(context, data_dict)
    package = stored.package_of(resource.package_id)
    if refusal := needs_edit_right(context, package):
        return deny(refusal)
    reference = data_dict.get("package_id")
    if reference and reference not in {package.id, package.name}:
        return deny(messages.editing_not_allowed({"package_id": reference}))
    if not set(data_dict) - _REFERENCES:
        return allow()  # "may they edit at all?"
    if reference:
        data_dict["package_id"] = package.id
    return _checked_change(context, package, data_dict)


def _checked_change(context: Context, package: model.Package, data_dict: DataDict) -> AuthResult:
    shown = stored.dataset(context, package)["resources"]
    before = next((entry for entry in shown if entry["id"] == data_dict["id"]), {})
    try:
        check_changed(before, data_dict, facts_about(context, package, set()))
    except NotAllowedError as error:
        return deny(str(error))
    if not policy.may(Action.DESCRIBE, state_of(package), _EDITOR):
        return deny(messages.RESOURCES_OF_DRAFTS_ONLY)
    return allow()
