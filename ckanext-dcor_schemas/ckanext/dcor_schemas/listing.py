"""Links in the chains of CKAN's lists: complete lists, private users, collections one may fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import authz, model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import roles, visible
from ckanext.dcor_schemas.rules.differences import as_bool

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

    Action = Callable[[Context, DataDict], Any]

_PAGE_SIZES = {
    True: "ckan.group_and_organization_list_all_fields_max",
    False: "ckan.group_and_organization_list_max",
}


@tk.chained_action
@tk.side_effect_free
def organization_list(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """List all circles when no limit is given, however many there are."""
    return _complete(original, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def group_list(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """List all collections when no limit is given, however many there are."""
    return _complete(original, context, data_dict)


def _complete(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """CKAN answers at most one page; without a limit, ask for all of them."""
    if data_dict.get("limit"):
        return list(original(context, data_dict))
    size = max(1, int(tk.config[_PAGE_SIZES[as_bool(data_dict.get("all_fields"))]]))
    start, entries = int(data_dict.get("offset") or 0), []
    while True:
        page = original(context, {**data_dict, "limit": size, "offset": start + len(entries)})
        entries += page
        if len(page) < size:
            return entries


@tk.chained_action
@tk.side_effect_free
def group_show(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a collection; its users only to those who belong to it."""
    return _without_foreign_users(original, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def organization_show(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a circle; its users only to those who belong to it."""
    return _without_foreign_users(original, context, data_dict)


def _without_foreign_users(
    original: Action, context: Context, data_dict: DataDict
) -> dict[str, Any]:
    shown: dict[str, Any] = original(context, data_dict)
    if shown.get("users") and not _may_see_users(context, shown["id"]):
        shown["users"] = []
    return shown


def _may_see_users(context: Context, group_id: str) -> bool:
    user = context.get("user")
    if context.get("ignore_auth") or authz.is_sysadmin(user):
        return True
    return bool(roles.group_capacities(roles.user_id_of(user), group_id))


@tk.chained_action
@tk.side_effect_free
def member_list(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """List what is in a circle or collection; datasets only to those who may see them."""
    listed: list[Any] = original(context, data_dict)
    if visible.sees_everything(context) or all(kind != "package" for _id, kind, _how in listed):
        return listed
    known = visible.dataset_ids(context, model.Group.get(data_dict["id"]))
    return [entry for entry in listed if entry[1] != "package" or entry[0] in known]


@tk.chained_action
@tk.side_effect_free
def group_list_authz(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """List exactly the collections that the caller may fill; plain members may not."""
    listed = original(context, data_dict)
    user = context.get("user")
    if authz.is_sysadmin(user) and not as_bool(data_dict.get("am_member")):
        return list(listed)
    fillable = _fillable(roles.user_id_of(user))
    return [group for group in listed if group["id"] in fillable]


def _fillable(user_id: str | None) -> frozenset[str]:
    query = model.Session.query(model.Member.group_id).filter(
        model.Member.table_name == "user",
        model.Member.table_id == user_id,
        model.Member.state == "active",
        model.Member.capacity.in_(["editor", "admin"]),
    )
    return frozenset(row.group_id for row in query)


@tk.chained_action
@tk.side_effect_free
def user_autocomplete(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """Find users by name; the caller is never pushed out of the list by others."""
    data_dict = {**data_dict, "q": data_dict.get("q") or ""}
    found: list[dict[str, Any]] = original(context, data_dict)
    if as_bool(data_dict.get("ignore_self")):
        return found
    caller = _matching_self(context, data_dict["q"])
    if caller is None or any(entry["id"] == caller.id for entry in found):
        return found
    own = {"id": caller.id, "name": caller.name, "fullname": caller.fullname}
    limit = int(data_dict.get("limit") or 20)
    return [own, *found][: max(limit, 1)]


def _matching_self(context: Context, text: str) -> model.User | None:
    own = model.Session.query(model.User).filter(model.User.name == context.get("user"))
    return model.User.search(text, own).first()
