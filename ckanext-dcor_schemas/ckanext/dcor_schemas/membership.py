"""Links in the chains of CKAN's actions about members of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

    Action = Callable[[Context, DataDict], Any]

_TYPES_OF_COLLECTIONS = ("package", "user")
_TYPES_OF_CIRCLES = ("package", "user", "group")


@tk.chained_action
def member_create(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add a user or dataset to a group; without ``capacity`` as plain member."""
    _check_type(data_dict)
    if data_dict.get("capacity") is None:
        data_dict["capacity"] = "member"
    member: dict[str, Any] = original(context, data_dict)
    return member


@tk.chained_action
def member_delete(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Remove a user or dataset from a group."""
    _check_type(data_dict)
    return original(context, data_dict)


def _check_type(data_dict: DataDict) -> None:
    """Refuse what is neither a dataset nor a user.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        With the types that are allowed.
    """
    given = data_dict.get("object_type")
    if given is None:
        return  # CKAN says that it is missing
    group = model.Group.get(str(data_dict.get("id") or ""))
    allowed = _TYPES_OF_COLLECTIONS
    if group is not None and group.is_organization:
        allowed = _TYPES_OF_CIRCLES
    if given not in allowed:
        raise tk.ValidationError({"object_type": [f"Must be one of: {', '.join(allowed)}"]})


@tk.chained_action
def group_member_delete(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Remove a user from a collection; CKAN does not say that there is none."""
    _require_group(data_dict)
    return original(context, data_dict)


@tk.chained_action
def organization_member_delete(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Remove a user from a circle; CKAN does not say that there is none."""
    _require_group(data_dict)
    return original(context, data_dict)


def _require_group(data_dict: DataDict) -> None:
    """Refuse what is about no group.

    Raises
    ------
    ckan.plugins.toolkit.ObjectNotFound
        With its id or name.
    """
    reference = str(data_dict.get("id") or "")
    if not reference or model.Group.get(reference) is None:
        raise tk.ObjectNotFound(f"There is no group '{reference[:100]}'")


@tk.chained_action
def package_delete(original: Action, context: Context, data_dict: DataDict) -> None:
    """Delete a dataset; CKAN ends its memberships only if it is told the id, not the name."""
    package = model.Package.get(str(data_dict.get("id") or ""))
    original(context, data_dict if package is None else {**data_dict, "id": package.id})


def forget_collaborators(package_id: str) -> None:
    """Remove the collaborators of a dataset that is about to be purged."""
    model.Session.query(model.PackageMember).filter(
        model.PackageMember.package_id == package_id
    ).delete(synchronize_session=False)
