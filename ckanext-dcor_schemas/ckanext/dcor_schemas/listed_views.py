"""The views of the resources of a dataset, read at once.

CKAN's page of a dataset asks for them resource by resource, with a permission check and several
statements each, only to learn whether there are any.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ckan import logic, model
from ckan.lib import datapreview
from ckan.lib.dictization import model_dictize
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

#: Where a page's own context keeps them: None after the first question.
_KNOWN = "dcor_schemas_listed_views"


@tk.chained_action
@tk.side_effect_free
@logic.auth_audit_exempt
def resource_view_list(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """Views of a resource; a page that asks for a second resource gets those of all of them.

    The page has shown the dataset with the same context before, so its reader may see it.
    """
    package = context.get("package")
    if not context.get("for_view") or package is None:
        return list(original(context, data_dict))
    if _KNOWN not in context:
        context[_KNOWN] = None  # type: ignore[literal-required]
        return list(original(context, data_dict))
    known = context[_KNOWN] or _read(package.id, context)  # type: ignore[literal-required]
    context[_KNOWN] = known  # type: ignore[literal-required]
    resource_id = data_dict.get("id")
    return known[resource_id] if resource_id in known else list(original(context, data_dict))


def _read(package_id: str, context: Context) -> dict[str, list[dict[str, Any]]]:
    """Views by resource; two statements."""
    ids = model.Session.query(model.Resource.id).filter_by(package_id=package_id, state="active")
    found: dict[str, list[dict[str, Any]]] = {resource_id: [] for (resource_id,) in ids}
    rows = (
        model.Session.query(model.ResourceView)
        .filter(model.ResourceView.resource_id.in_(found))
        .order_by(model.ResourceView.order)
    )
    by_resource = defaultdict(list)
    for view in rows:
        if datapreview.get_view_plugin(view.view_type):
            by_resource[view.resource_id].append(view)
    for resource_id, views in by_resource.items():
        found[resource_id] = model_dictize.resource_view_list_dictize(views, context)
    return found
