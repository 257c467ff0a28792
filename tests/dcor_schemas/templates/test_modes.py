"""Pages of sites that hide their lists, and of sites without public data."""

from __future__ import annotations

import html
import json
import re

import pytest

from ckan.plugins import toolkit as tk


@pytest.fixture
def page(app):
    """Opens a page: ``page(path, person)`` → answer."""

    def get(path, person=None):
        return app.get(path, headers=person.headers if person else {}, follow_redirects=False)

    return get


@pytest.fixture
def hidden_lists(monkeypatch):
    """A site where visitors see no lists."""
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_content_listing_for_anon", False)


@pytest.fixture
def no_public_data(monkeypatch):
    """A site where everything is private."""
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_public_datasets", False)


def test_visitors_see_public_datasets_where_lists_are_hidden(page, cast, new_dataset, hidden_lists):
    dataset = new_dataset("active", private=False)
    resource = dataset["resources"][0]["id"]
    open_pages = ("/", "/about", "/dataset/", f"/dataset/{dataset['name']}", "/user/login")
    for path in (*open_pages, f"/dataset/{dataset['name']}/resource/{resource}"):
        assert page(path).status_code == 200, path


def test_the_collections_of_a_dataset_are_hidden_as_well(page, new_dataset, hidden_lists):
    dataset = new_dataset("active", private=False)
    assert page(f"/dataset/groups/{dataset['name']}").status_code == 403


@pytest.mark.parametrize("kind", ["organization", "group"])
def test_lists_are_for_those_who_are_signed_in(page, cast, new_dataset, hidden_lists, kind):
    group = cast.circle if kind == "organization" else cast.collection
    for path in (f"/{kind}/", f"/{kind}/{group['name']}"):
        assert page(path).status_code in {403, 404}, path
        assert page(path, cast["logged in"]).status_code == 200, path


def test_the_form_offers_nothing_public(page, cast, new_dataset, no_public_data):
    dataset = new_dataset("active")
    body = page(f"/dataset/edit/{dataset['name']}", cast["circle editor"]).body
    assert '<input type="hidden" name="private" value="True">' in body
    assert "make it public" not in body
    assert '<option value="False"' not in body


def test_the_form_can_be_sent_without_public_data(app, cast, new_dataset, no_public_data):
    dataset, editor = new_dataset("active"), cast["circle editor"]
    form = {"_ckan_phase": "dataset_new_1", "license_id": "CC0-1.0", "private": "True", "save": ""}
    form |= {key: dataset[key] for key in ("authors", "doi", "references", "owner_org")}
    answer = app.post(
        f"/dataset/edit/{dataset['name']}",
        data=form,
        headers=editor.headers,
        follow_redirects=False,
    )
    assert answer.status_code == 302, answer.body


def test_the_editor_knows_that_nothing_is_public(page, cast, new_dataset, no_public_data):
    draft = new_dataset("draft")
    body = page(f"/dataset/draft/{draft['id']}", cast["circle editor"]).body
    facts = json.loads(html.unescape(re.search(r'data-facts="([^"]*)"', body)[1]))
    assert facts["may_be_public"] is False


def test_visitors_find_nothing_without_public_data(page, new_dataset, no_public_data):
    dataset = new_dataset("active")
    assert page("/dataset/").status_code == 200
    assert page(f"/dataset/{dataset['name']}").status_code == 404
