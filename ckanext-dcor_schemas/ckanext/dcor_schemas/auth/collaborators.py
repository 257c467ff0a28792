"""Auth functions for collaborators: CKAN's rules, made safe for visitors and unknown datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import messages, stored
from ckanext.dcor_schemas.auth.answers import deny

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import AuthResult, Context, DataDict

    AuthFunction = Callable[[Context, DataDict], AuthResult]


def _checked(next_auth: AuthFunction, name: str, context: Context, data: DataDict) -> AuthResult:
    if not context.get("user"):
        return deny(messages.needs_login(name))
    stored.package_of(data.get("id"))
    return next_auth(context, data)


@tk.chained_auth_function
def package_collaborator_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Who may share a dataset with a user: the admins of its circle."""
    return _checked(next_auth, "package_collaborator_create", context, data_dict)


@tk.chained_auth_function
def package_collaborator_delete(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Who may end that."""
    return _checked(next_auth, "package_collaborator_delete", context, data_dict)


@tk.chained_auth_function
def package_collaborator_list(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Who may see with whom a dataset is shared."""
    return _checked(next_auth, "package_collaborator_list", context, data_dict)
