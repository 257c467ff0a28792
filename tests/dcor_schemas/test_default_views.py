"""Resources that are registered get the default views that can show them (ckan#7837)."""

from __future__ import annotations

from typing import Any

import pytest

from ckan import plugins
from ckan.lib import datapreview
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import default_views


class TextView(plugins.SingletonPlugin):
    """Shows resources whose names end in ``.txt``."""

    plugins.implements(plugins.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        return {"name": "some_text_view", "title": "Text", "default_title": "Text", "schema": {}}

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        assert data_dict["package"]["id"] == data_dict["resource"]["package_id"]
        return str(data_dict["resource"]["name"]).endswith(".txt")


@pytest.fixture
def view(monkeypatch, tx):
    """A view that is one of the default views."""
    view = TextView()
    monkeypatch.setattr(
        datapreview, "get_view_plugin", lambda name: view if name == "some_text_view" else None
    )
    monkeypatch.setitem(tk.config, "ckan.views.default_views", ["some_text_view"])
    return view


@pytest.fixture
def views_of(call, person):
    def views_of(resource_id: str) -> list[str]:
        views = call("resource_view_list", person, id=resource_id)
        return [view["view_type"] for view in views]

    return views_of


def test_a_registered_file_has_its_views(view, upload, draft, register, views_of):
    resource = register(draft, upload())
    assert views_of(resource["id"]) == ["some_text_view"]


def test_a_view_that_cannot_show_a_file_is_left_out(view, upload, draft, register, views_of):
    resource = register(draft, upload(), "table.csv")
    assert views_of(resource["id"]) == []


def test_resource_create_makes_no_second_view(view, call, person, upload, draft, views_of):
    resource_id = upload()
    call("resource_create", person, package_id=draft["id"], id=resource_id, name="notes.txt")
    assert views_of(resource_id) == ["some_text_view"]


def test_views_that_were_removed_do_not_come_back(
    view, call, person, admin, upload, draft, register, views_of
):
    resource = register(draft, upload())
    (shown,) = call("resource_view_list", person, id=resource["id"])
    call("resource_view_delete", admin, id=shown["id"])
    call("package_patch", person, id=draft["id"], title="Another title")
    register(draft, upload(b"more"), "more.txt")
    assert views_of(resource["id"]) == []


def test_a_view_that_fails_does_not_fail_the_registration(
    view, monkeypatch, upload, draft, register, caplog
):
    def broken(*_args: object) -> None:
        raise ValueError("broken view")

    monkeypatch.setattr(datapreview, "add_views_to_resource", broken)
    assert register(draft, upload())["name"] == "notes.txt"
    assert "have no views" in caplog.text


def test_resources_that_are_gone_are_left_out(view):
    default_views.create(["00000000-0000-4000-8000-000000000000"], None)
