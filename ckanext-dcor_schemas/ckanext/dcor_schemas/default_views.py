"""Default views of new resources.

CKAN makes them in ``resource_create`` alone (ckan#7837), but resources are registered through
``package_revise``. Making a view is an action that commits, so it is done after the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.lib import datapreview
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ckan.types import Context


def create(resource_ids: Collection[str], shown: Any) -> None:
    """Make the views of ``ckan.views.default_views`` that can show each of these resources.

    Parameters
    ----------
    resource_ids
        New resources; those that are gone meanwhile are left out.
    shown
        What the action that added them returned; if it is their dataset, it is not read again.
    """
    if not resource_ids or not datapreview.get_default_view_plugins():
        return
    for resource, dataset in _resources(set(resource_ids), shown):
        datapreview.add_views_to_resource(_context(), resource, dataset)


def _resources(wanted: set[str], shown: Any) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The resources that are wanted, each with its dataset."""
    known = shown if isinstance(shown, dict) else {}
    pairs = _pairs(known, wanted) or _pairs(known.get("package"), wanted)
    missing = wanted - {resource["id"] for resource, _ in pairs}
    for resource_id in sorted(missing):
        pairs += _pairs(_dataset_of(resource_id), wanted)
    return pairs


def _pairs(dataset: Any, wanted: set[str]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    resources = dataset.get("resources") if isinstance(dataset, dict) else None
    return [(one, dataset) for one in resources or () if one.get("id") in wanted]


def _dataset_of(resource_id: str) -> dict[str, Any] | None:
    try:
        resource = tk.get_action("resource_show")(_context(), {"id": resource_id})
    except tk.ObjectNotFound:
        return None
    dataset = tk.get_action("package_show")(_context(), {"id": resource["package_id"]})
    return {**dataset, "resources": [resource]}


def _context() -> Context:
    """The site itself makes the views: who registers a resource need not be asked."""
    return {"ignore_auth": True, "user": ""}
