"""Forms say what is wrong, field by field, keep what was typed, and never fail."""

from __future__ import annotations

import html
import re

import pytest

from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script

_EDIT = {"_ckan_phase": "dataset_new_1", "license_id": "CC-BY-4.0", "save": ""}


@pytest.fixture
def send(app):
    """Sends a form: ``send(path, person, **fields)`` → answer."""

    def send(path, person=None, **fields):
        headers = person.headers if person else {}
        return app.post(path, data=fields, headers=headers, follow_redirects=False)

    return send


def problems(answer) -> str:
    """What the page says beside the fields."""
    found = re.findall(r'class="error-block">([^<]*)<', answer.body)
    return html.unescape(" ".join(found))


# Sign-up


@pytest.fixture
def open_to_all(monkeypatch):
    """A site where everybody may sign up."""
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_web", True)
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.confirm_email", False)


_PERSON = {
    "name": "wendy-darling",
    "fullname": "Wendy Darling",
    "email": "wendy@example.org",
    "password1": "second-star-1",
    "password2": "second-star-1",
    "save": "",
}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "W", "Must be at least 2 characters long"),
        ("fullname", "http://spam.example", "must not contain slashes"),
        ("fullname", "x" * 41, "must not be longer than 40 characters"),
        ("email", "wendy", "valid e-mail address"),
        ("password2", "another-star-1", "The passwords you entered do not match"),
        ("image_url", "http://example.org/x.exe", "suffixes .png, .jpg, .jpeg"),
    ],
)
def test_a_sign_up_that_is_refused_says_why_and_keeps_the_rest(
    send, open_to_all, field, value, said
):
    answer = send("/user/register", **_PERSON | {field: value})
    assert answer.status_code == 200
    assert said in problems(answer)
    kept = {"name", "fullname", "email"} - {field}
    for name in kept:
        assert f'value="{_PERSON[name]}"' in answer.body
    assert as_script("user_list", all_fields=False).count(_PERSON["name"]) == 0


def test_several_problems_are_said_together(send, open_to_all):
    answer = send("/user/register", **_PERSON | {"email": "x", "fullname": "a/b"})
    assert "slashes" in problems(answer)
    assert "e-mail" in problems(answer)


# Circles and collections


@pytest.mark.parametrize("kind", ["organization", "group"])
@pytest.mark.parametrize("name", ["", "x", "With Blanks", "y" * 200])
def test_a_bad_name_is_refused_beside_the_field(send, person, kind, name):
    given = {"title": "Typed title", "description": "Typed text", "name": name, "save": ""}
    answer = send(f"/{kind}/new", person, **given)
    assert answer.status_code == 200
    assert problems(answer)
    for text in ("Typed title", "Typed text"):
        assert text in answer.body


# Datasets


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "Another"}, "Changing 'title' not allowed for non-draft datasets"),
        ({"authors": "Somebody else"}, "Changing 'authors' not allowed for non-draft datasets"),
        ({"license_id": "CC-BY-NC-4.0"}, "Cannot switch to more-restrictive license"),
        ({"state": "draft"}, "Changing dataset state to draft not allowed"),
        ({"name": "another"}, "Changing 'name' not allowed for non-draft datasets"),
        ({"resources__0__id": "x", "resources__0__name": "a.rtdc"}, "resource"),
    ],
)
def test_what_is_frozen_is_refused_with_the_rule(send, cast, new_dataset, changes, said):
    dataset, editor = new_dataset("active"), cast["circle editor"]
    answer = send(f"/dataset/edit/{dataset['name']}", editor, **_EDIT | changes)
    assert answer.status_code == 403
    assert said in html.unescape(answer.body)
    assert as_script("package_show", id=dataset["id"]) == dataset


def test_a_sysadmin_learns_what_is_wrong_and_loses_nothing(send, cast, new_dataset):
    dataset = new_dataset("active")
    given = {"title": "Typed", "authors": "", "doi": "https://doi.org", "notes": "Typed text"}
    answer = send(f"/dataset/edit/{dataset['name']}", cast["sysadmin"], **_EDIT | given)
    assert answer.status_code == 200
    assert "Missing value" in problems(answer)
    assert "Typed text" in answer.body
    assert 'value="Typed"' in answer.body
    assert as_script("package_show", id=dataset["id"]) == dataset


_BROKEN = [
    ("/organization/new", {"a": "1", "a__0__b": "2", "save": ""}),
    ("/group/new", {"a": "1", "a__0__b": "2", "save": ""}),
    ("/organization/bulk_process/{circle}", {}),
    ("/organization/bulk_process/{circle}", {"bulk_action.other": "1"}),
    ("/dataset/edit/{dataset}", {"_ckan_phase": "1"}),
    ("/dataset/edit/{dataset}", {"a": "1", "a__0__b": "2", "save": ""}),
    ("/dataset/edit/{dataset}", {"owner_org__0__a": "x", "save": ""}),
    ("/dataset/new", {"_ckan_phase": "1"}),
    ("/dataset/{dataset}/resource/new", {"name": "x", "save": ""}),
    ("/dataset/{dataset}/resource/new", {"name": "x", "id": ""}),
    ("/dataset/{dataset}/resource/{resource}/edit", {"description": "x"}),
    ("/dataset/collaborators/{dataset}/new", {}),
    ("/user/edit", {"save": ""}),
]


@pytest.mark.parametrize("role", ["circle admin", "sysadmin"])
@pytest.mark.parametrize(("path", "fields"), _BROKEN)
def test_broken_forms_are_refused(send, cast, new_dataset, role, path, fields):
    dataset = new_dataset("active")
    resource = dataset["resources"][0]["id"]
    place = path.format(circle=cast.circle["name"], dataset=dataset["name"], resource=resource)
    assert send(place, cast[role], **fields).status_code == 400


@pytest.mark.parametrize("role", ["circle editor", "sysadmin"])
def test_a_file_that_is_gone_has_no_form(send, app, cast, new_dataset, role):
    dataset, other = new_dataset("active"), new_dataset("active")
    resource = other["resources"][0]["id"]
    path = f"/dataset/{dataset['name']}/resource/{resource}/edit"
    assert app.get(path, headers=cast[role].headers).status_code == 404
    assert send(path, cast[role], description="x", save="").status_code == 404


def test_what_is_not_there_has_a_page_that_says_so(app, cast, new_dataset):
    resource = new_dataset("active")["resources"][0]["id"]
    for role in ("circle editor", "sysadmin"):
        path = f"/dataset/no-such-dataset/resource/{resource}/views"
        assert app.get(path, headers=cast[role].headers).status_code == 404


def test_a_dataset_without_a_title_does_not_break_the_feed(app, new_dataset):
    dataset = new_dataset("active", private=False, title="", authors="Peter\x01 Pan")
    answer = app.get("/feeds/dataset.atom")
    assert answer.status_code == 200
    assert f"<title>{dataset['name']}</title>" in answer.body
    assert "<name>Peter Pan</name>" in answer.body
