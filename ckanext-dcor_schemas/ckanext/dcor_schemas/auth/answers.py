"""The two answers of an auth function, and the facts that most of them need."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from ckanext.dcor_schemas import messages, policy, roles
from ckanext.dcor_schemas.policy import Right, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan import model
    from ckan.types import AuthResult, Context, DataDict

    AuthFunction = Callable[[Context, DataDict], AuthResult]


def allow() -> AuthResult:
    """Yes."""
    return {"success": True}


def deny(message: str) -> AuthResult:
    """No, and why."""
    return {"success": False, "msg": message}


def for_users(function: AuthFunction) -> AuthFunction:
    """Turn visitors away before anything is looked up."""

    @wraps(function)
    def checked(context: Context, data_dict: DataDict | None = None) -> AuthResult:
        if not context.get("user"):
            return deny(messages.needs_login(function.__name__))
        return function(context, {} if data_dict is None else data_dict)

    return checked


def roles_of_caller(context: Context, package: model.Package) -> frozenset[policy.Role]:
    """What the caller is to a dataset."""
    return roles.dataset_roles(roles.user_id_of(context.get("user")), package)


def state_of(package: model.Package) -> State:
    """State of a dataset; unknown ones of old instances count as active, the strictest."""
    return State(package.state) if package.state in set(State) else State.ACTIVE


def needs_edit_right(context: Context, package: model.Package) -> str | None:
    """Why the caller may not edit a dataset; None if they may."""
    if policy.holds(Right.EDIT, roles_of_caller(context, package)):
        return None
    return messages.not_authorized_to_edit(context.get("user"), package.id)
