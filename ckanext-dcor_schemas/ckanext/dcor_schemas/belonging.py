"""A dataset that has resources stays in its circle, because its objects lie in the circle's bucket.

Somewhere else nobody would find them to make them private or to delete them. Only the command
``ckan dcor-move-dataset-to-circle`` takes the objects along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import messages, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

#: Set in the context of a call that has taken the objects along.
OBJECTS_MOVED = "dcor_schemas_objects_moved"


def leaves_its_objects(
    context: Context, package: model.Package, wanted: object, *, has_resources: bool = False
) -> bool:
    """Whether a dataset would go to another circle without its objects.

    Parameters
    ----------
    context
        Of the call.
    package, wanted
        The dataset and the circle that was asked for, by id or name.
    has_resources
        Whether it gets resources in the same call.
    """
    if context.get(OBJECTS_MOVED) or not package.owner_org or wanted == package.owner_org:
        return False
    group = model.Group.get(wanted) if isinstance(wanted, str) and wanted else None
    if group is not None and group.id == package.owner_org:
        return False
    return has_resources or bool(stored.resource_names(package.id))


@tk.chained_action
def package_owner_org_update(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> None:
    """Change the circle of a dataset that has no resources."""
    package = model.Package.get(data_dict.get("id"))
    if package is not None:
        tk.check_access("package_owner_org_update", context.copy(), data_dict)
        if leaves_its_objects(context, package, data_dict.get("organization_id")):
            raise tk.ValidationError({"organization_id": [messages.KEEP_CIRCLE]})
    original(context, data_dict)
