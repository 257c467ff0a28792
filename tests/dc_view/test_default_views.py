"""Default views: every new measurement has them at once, whichever way it came."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dc_view import default_views


def kinds(resource_id):
    rows = model.Session.query(model.ResourceView).filter_by(resource_id=resource_id)
    return [row.view_type for row in rows.order_by("order")]


@pytest.fixture
def new_dataset(person, new_circle):
    """Makes datasets by actions, with resources that have URLs."""

    def make(*resources, action="package_create", **fields):
        owner = new_circle(person.name)["id"]
        given = {
            "title": "Views",
            "authors": "Peter Pan",
            "license_id": "CC0-1.0",
            "owner_org": owner,
            "state": "draft",
            "resources": list(resources),
        }
        return tk.get_action(action)({"ignore_auth": True, "user": ""}, given | fields)

    return make


def dc(name="x.rtdc"):
    return {"name": name, "mimetype": "RT-DC", "url": f"{tk.config['ckan.site_url']}/x/{name}"}


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


def test_only_new_resources_get_views(make_resource, add_view):
    """Who removed a view does not get it back at the next change of the dataset."""
    made = make_resource()
    default_views.add_to_new_resources({"id": made.package_id})
    model.Session.commit()
    assert kinds(made.id) == ["dc_view", "dc_log_view"]
    model.Session.query(model.ResourceView).filter_by(resource_id=made.id).delete()
    model.Session.commit()
    default_views.add_to_new_resources({"id": made.package_id})
    assert kinds(made.id) == []
