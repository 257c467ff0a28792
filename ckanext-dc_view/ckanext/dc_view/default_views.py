"""Default views of resources that have none: those of older sites, or of plugins added later.

New resources get theirs when they are registered (``dcor_schemas``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.lib import datapreview

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VIEWS = sa.text(
    'SELECT resource_id, view_type, "order" FROM resource_view WHERE resource_id = ANY(:ids)'
)


def add(resources: Iterable[Any], package: Mapping[str, Any]) -> int:
    """Add to each resource the default views that it can have and does not have yet.

    Nothing is committed.

    Parameters
    ----------
    resources
        Rows of CKAN's table.
    package
        Their dataset.

    Returns
    -------
    int
        Number of views added.
    """
    rows = list(resources)
    plugins = datapreview.get_default_view_plugins() if rows else []
    present = _present([row.id for row in rows]) if plugins else {}
    views = [view for row in rows for view in _missing(row, package, plugins, present)]
    model.Session.add_all(views)
    model.Session.flush()
    return len(views)


def _present(resource_ids: list[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in model.Session.execute(_VIEWS, {"ids": resource_ids}):
        found.setdefault(row.resource_id, {})[row.view_type] = row.order
    return found


def _missing(
    row: Any,
    package: Mapping[str, Any],
    plugins: Iterable[Any],
    present: Mapping[str, dict[str, int]],
) -> list[Any]:
    existing = present.get(row.id, {})
    order = max(existing.values(), default=-1)
    resource = {**(row.extras or {}), **_columns(row)}
    views = []
    for plugin in plugins:
        info = plugin.info()
        data = {"resource": resource, "package": package}
        if info["name"] in existing or not plugin.can_view(data):
            continue
        order += 1
        views.append(_view(row.id, info, order))
    return views


def _columns(row: Any) -> dict[str, Any]:
    names = ("id", "package_id", "name", "url", "url_type", "format", "mimetype", "size")
    return {name: getattr(row, name) for name in names}


def _view(resource_id: str, info: Mapping[str, Any], order: int) -> Any:
    return model.ResourceView(
        resource_id=resource_id,
        view_type=info["name"],
        title=info.get("default_title", "View"),
        description=info.get("default_description", ""),
        order=order,
        config={},
    )
