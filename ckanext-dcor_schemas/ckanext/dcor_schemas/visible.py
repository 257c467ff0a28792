"""What the caller of an action may know of, asked from the search with the caller's labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import authz, logic, model
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from ckan.types import Context

#: Largest page of CKAN's search.
_PAGE = 1000


def sees_everything(context: Context) -> bool:
    """Whether nothing is hidden from the caller: scripts and sysadmins."""
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user"))


def tag_names(context: Context) -> frozenset[str]:
    """Names of all tags of the datasets and drafts that the caller may see."""
    asked = {"rows": 0, "facet.field": ["tags"], "facet.limit": -1}
    return frozenset(_search(context, **asked)["facets"].get("tags", ()))


def dataset_ids(context: Context, group: model.Group) -> frozenset[str]:
    """Ids of the datasets and drafts of a circle or collection that the caller may see."""
    field = f"owner_org:{group.id}" if group.is_organization else f"groups:{group.name}"
    found: set[str] = set()
    start = 0
    while True:
        page = _search(context, fq=field, fl=["id"], rows=_PAGE, start=start, sort="id asc")
        found.update(entry["id"] for entry in page["results"])
        start += _PAGE
        if start >= page["count"]:
            return frozenset(found)


def _search(context: Context, **asked: Any) -> dict[str, Any]:
    fresh = logic.fresh_context(context)
    fresh.setdefault("auth_user_obj", model.User.get(context.get("user")))
    everything = {"include_private": True, "include_drafts": True}
    answer: dict[str, Any] = tk.get_action("package_search")(fresh, asked | everything)
    return answer
