"""Who signs up by the form proves the mail address, if the site wants it."""

from __future__ import annotations

import re

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

_FORM = {
    "name": "wendy",
    "fullname": "Wendy Darling",
    "email": "wendy@example.org",
    "password1": "correct-horse",
    "password2": "correct-horse",
    "save": "",
}


@pytest.fixture
def confirming(monkeypatch, app):
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_web", True)
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.confirm_email", True)


@pytest.fixture
def link(confirming, app, waiting):
    """The link in the mail that a new user gets."""
    answer = app.post("/user/register", data=_FORM, follow_redirects=False)
    assert answer.status_code == 302, answer.body
    (row,) = waiting()
    assert (row.recipient_email, row.recipient_name) == ("wendy@example.org", "Wendy Darling")
    (path,) = re.findall(r"https?://[^/]+(/user/confirm/\S+)", row.body)
    return path


def test_a_new_user_waits_for_the_confirmation(link, app):
    assert model.User.get("wendy").is_pending()


def test_opening_the_link_changes_nothing_and_confirming_does(link, app):
    page = app.get(link)
    assert page.status_code == 200
    assert "wendy" in page.body
    assert model.User.get("wendy").is_pending()
    answer = app.post(link, follow_redirects=False)
    assert answer.status_code == 302
    assert not model.User.get("wendy").is_pending()
    assert app.get(link).status_code == 404


@pytest.mark.parametrize("key", ["", "?key=", "?key=0123456789"])
def test_without_the_key_there_is_nothing_to_confirm(link, app, key):
    assert app.post(link.partition("?")[0] + key).status_code == 404
    assert model.User.get("wendy").is_pending()


def test_programs_are_not_asked(confirming, call, monkeypatch, waiting):
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_api", True)
    call("user_create", name="peter", email="peter@example.org", password="correct-horse")
    assert not model.User.get("peter").is_pending()
    assert waiting() == []


def test_nobody_is_asked_by_default(app, monkeypatch, waiting):
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_web", True)
    app.post("/user/register", data=_FORM, follow_redirects=False)
    assert not model.User.get("wendy").is_pending()
    assert waiting() == []
