"""Views that are missing: the work behind the command ``ckan run-jobs-dc-view``."""

from __future__ import annotations

from ckan import model

from ckanext.dc_view import default_views


def add_views(package_id: str) -> int:
    """Add the default views that resources of a dataset do not have yet; their number."""
    package = model.Session.get(model.Package, package_id)
    rows = [] if package is None else package.resources
    added = default_views.add(rows, {"id": package_id})
    model.Session.commit()
    return added
