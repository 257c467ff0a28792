"""Default views of new resources.

CKAN adds them when datasets or resources are created, but not when they come with
``package_revise``, which is how clients register uploads (https://github.com/ckan/ckan/issues/7837).
CKAN's own function commits; here the rows are written in the transaction that registers the
resource, so that both are there or neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.lib import datapreview

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

_NEW = "dc_view_new_resources"
_VIEWS = sa.text(
    'SELECT resource_id, view_type, "order" FROM resource_view WHERE resource_id = ANY(:ids)'
)


def listen() -> None:
    """Listen to CKAN's database session; safe to call again."""
    for name, listener in (("after_flush", _note), ("after_rollback", _forget)):
        if not sa.event.contains(model.Session, name, listener):
            sa.event.listen(model.Session, name, listener)


def _note(session: Session, _flush_context: object) -> None:
    new = {entity.id for entity in session.new if isinstance(entity, model.Resource)}
    if new:
        session.info.setdefault(_NEW, set()).update(new)


def _forget(session: Session) -> None:
    session.info.pop(_NEW, None)


def add_to_new_resources(package: Mapping[str, Any]) -> None:
    """Add the default views to the resources that the open transaction has created."""
    session = model.Session()
    session.flush()
    new: set[str] = session.info.get(_NEW) or set()
    if new:
        rows = session.query(model.Resource).filter(
            model.Resource.id.in_(new),
            model.Resource.package_id == package["id"],
            model.Resource.state == "active",
        )
        found = rows.all()
        add(found, package)
        new -= {resource.id for resource in found}


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
