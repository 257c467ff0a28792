"""Auth functions about the site as a whole and its users; most follow from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import messages
from ckanext.dcor_schemas.auth.answers import allow, deny, for_users
from ckanext.dcor_schemas.auth.group import may_list
from ckanext.dcor_schemas.policy import LISTING_ACTIONS, SYSADMIN_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import AuthResult, Context, DataDict

    AuthFunction = Callable[[Context, DataDict | None], AuthResult]


@tk.auth_allow_anonymous_access
def user_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Users see themselves only."""
    caller = context.get("user")
    target = model.User.get(str(data_dict.get("id") or "")) if caller else None
    if target is not None and caller in {target.name, target.id}:
        return allow()
    return deny(messages.ONLY_OWN_PROFILE)


@for_users
def user_autocomplete(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Every user may look for others by name, to share with them."""
    return allow()


def from_policy() -> dict[str, AuthFunction]:
    """Auth functions of the actions whose rule is a single word of the policy."""
    return {name: _listing(name) for name in LISTING_ACTIONS} | {
        name: _sysadmin_only(name) for name in SYSADMIN_ACTIONS
    }


def _listing(name: str) -> AuthFunction:
    @tk.auth_allow_anonymous_access
    def function(context: Context, data_dict: DataDict | None = None) -> AuthResult:  # noqa: ARG001
        return allow() if may_list(context) else deny(messages.LISTING_DISABLED)

    function.__name__ = name
    return function


def _sysadmin_only(name: str) -> AuthFunction:
    @tk.auth_allow_anonymous_access
    def function(context: Context, data_dict: DataDict | None = None) -> AuthResult:  # noqa: ARG001
        return deny(messages.ONLY_ADMINS)

    function.__name__ = name
    return function
