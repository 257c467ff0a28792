"""Default views of resources that have none."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dc_view import default_views


def kinds(resource_id):
    rows = model.Session.query(model.ResourceView).filter_by(resource_id=resource_id)
    return [row.view_type for row in rows.order_by("order")]


def model_resource(make_resource, **columns):
    return model.Session.get(model.Resource, make_resource(**columns).id)


def test_views_are_added_in_their_order(make_resource):
    row = model_resource(make_resource)
    assert default_views.add([row], {"id": row.package_id}) == 2
    assert kinds(row.id) == ["dc_view", "dc_log_view"]


def test_views_are_added_once(make_resource):
    row = model_resource(make_resource)
    default_views.add([row], {"id": row.package_id})
    assert default_views.add([row], {"id": row.package_id}) == 0


def test_only_what_is_missing_is_added(make_resource, add_view):
    made = make_resource()
    add_view(made, "dc_log_view")
    row = model.Session.get(model.Resource, made.id)
    assert default_views.add([row], {"id": made.package_id}) == 1
    assert kinds(made.id) == ["dc_log_view", "dc_view"]


@pytest.mark.parametrize(
    "columns",
    [{"mimetype": "text/plain"}, {"mimetype": None}, {"url": "https://elsewhere.example/x.rtdc"}],
)
def test_other_resources_have_none(make_resource, columns):
    row = model_resource(make_resource, **columns)
    assert default_views.add([row], {"id": row.package_id}) == 0


def test_only_configured_views_are_added(make_resource, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.views.default_views", ["dc_log_view"])
    row = model_resource(make_resource)
    default_views.add([row], {"id": row.package_id})
    assert kinds(row.id) == ["dc_log_view"]


def test_a_rollback_takes_the_views_along(make_resource):
    row = model_resource(make_resource)
    resource_id = row.id
    default_views.add([row], {"id": row.package_id})
    model.Session.rollback()
    assert kinds(resource_id) == []
