"""What people see of the rules on the pages of datasets."""

import datetime as dt

import pytest

from tests.dcor_schemas.auth.conftest import as_script


@pytest.fixture
def page(app):
    """Opens a page: ``page(path, person)`` → answer."""

    def get(path, person=None):
        return app.get(path, headers=person.headers if person else {}, follow_redirects=False)

    return get


@pytest.mark.parametrize("path", ["/", "/dataset/", "/group/", "/organization/"])
def test_lists_are_open(page, cast, path):
    assert page(path).status_code == 200
    assert page(path, cast["logged in"]).status_code == 200


@pytest.mark.parametrize("path", ["/group/new", "/organization/new"])
def test_users_make_circles_and_collections(page, cast, path):
    assert page(path, cast["logged in"]).status_code == 200


def test_datasets_are_not_made_in_the_browser(page, cast):
    refused = page("/dataset/new", cast["circle admin"])
    assert refused.status_code == 403
    assert "draft editor" in refused.body
    assert page("/dataset/new", cast["sysadmin"]).status_code == 200


def test_editors_of_a_draft_are_led_from_ckans_forms_to_the_draft_editor(page, cast, new_dataset):
    draft, editor = new_dataset("draft"), cast["circle editor"]
    resource = f"/dataset/{draft['name']}/resource"
    edit_resource = f"{resource}/{draft['resources'][0]['id']}/edit"
    for path in (f"/dataset/edit/{draft['name']}", f"{resource}/new", edit_resource):
        answer = page(path, editor)
        assert answer.status_code == 302
        assert f"/dataset/draft/{draft['id']}" in answer.headers["Location"]
    assert page(f"/dataset/{draft['name']}", editor).status_code == 200


@pytest.mark.parametrize("role", ["circle member", "logged in", "anonymous"])
def test_others_are_not(page, cast, new_dataset, role):
    draft = new_dataset("draft")
    assert page(f"/dataset/edit/{draft['name']}", cast[role]).status_code in {403, 404}


def test_active_datasets_offer_what_may_still_change(page, cast, new_dataset):
    dataset, editor = new_dataset("active"), cast["circle editor"]
    answer = page(f"/dataset/edit/{dataset['name']}", editor)
    assert answer.status_code == 200
    html = answer.body
    chosen = (
        '<option value="CC-BY-4.0" selected="selected">Creative Commons Attribution 4.0</option>'
    )
    assert chosen in html
    assert '<option value="CC0-1.0" >Creative Commons Public Domain Dedication</option>' in html
    assert "Share-Alike" not in html
    assert "NonCommercial" not in html
    for name in ("authors", "doi", "references", "license_id", "owner_org", "private", "pkg_name"):
        assert f'name="{name}"' in html, name
    for name in ("title", "name", "notes", "tag_string", "version", "author"):
        assert f'name="{name}"' not in html, name
    assert "go-metadata-unpublish" not in html
    assert '<select id="field-organizations"' not in html
    assert "Open Database License" not in html
    assert page(f"/dataset/{dataset['name']}/resource/new", editor).status_code == 403
    assert page(f"/dataset/resources/{dataset['name']}", editor).status_code == 200


def test_sysadmins_are_offered_no_other_circle_for_files(page, cast, new_dataset):
    html = page(f"/dataset/edit/{new_dataset('active')['name']}", cast["sysadmin"]).body
    assert '<select id="field-organizations"' not in html
    for name in ("owner_org", "private", "title"):
        assert f'name="{name}"' in html, name


def test_files_of_active_datasets_have_no_form(page, app, cast, new_dataset):
    dataset = new_dataset("active")
    path = f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"
    editor = cast["circle editor"]
    assert f"{path}/edit" not in page(path, editor).body
    refused = page(f"{path}/edit", editor)
    assert refused.status_code == 403
    assert "are final" in refused.body
    sent = {"description": "changed", "save": ""}
    answer = app.post(f"{path}/edit", data=sent, headers=editor.headers, follow_redirects=False)
    assert answer.status_code == 403
    assert as_script("package_show", id=dataset["id"])["resources"] == dataset["resources"]
    assert page(f"{path}/edit", cast["sysadmin"]).status_code == 200


def test_public_datasets_do_not_offer_visibility(page, cast, new_dataset):
    dataset = new_dataset("active", private=False)
    html = page(f"/dataset/edit/{dataset['name']}", cast["circle editor"]).body
    assert 'name="private"' not in html


def test_sysadmins_edit_everything(page, cast, new_dataset):
    dataset = new_dataset("active")
    html = page(f"/dataset/edit/{dataset['name']}", cast["sysadmin"]).body
    for name in ("title", "name", "notes", "tag_string", "authors"):
        assert f'name="{name}"' in html, name


def test_the_form_of_an_active_dataset_can_be_sent(app, cast, new_dataset):
    dataset, editor = new_dataset("active"), cast["circle editor"]
    form = {
        "pkg_name": dataset["id"],
        "_ckan_phase": "dataset_new_1",
        "authors": dataset["authors"],
        "doi": dataset["doi"],
        "references": dataset["references"],
        "license_id": "CC0-1.0",
        "owner_org": dataset["owner_org"],
        "private": "False",
        "save": "",
    }
    answer = app.post(
        f"/dataset/edit/{dataset['name']}",
        data=form,
        headers=editor.headers,
        follow_redirects=False,
    )
    assert answer.status_code == 302, answer.body
    after = as_script("package_show", id=dataset["id"])
    assert (after["license_id"], after["private"]) == ("CC0-1.0", False)
    for key in ("title", "notes", "tags", "doi", "references", "authors", "resources", "name"):
        assert after[key] == dataset[key], key


def test_dataset_pages_tell_who_and_where(page, cast, new_dataset):
    dataset = new_dataset(
        "active",
        private=False,
        doi="10.1002/a:b",
        references="doi:10.1000/2:3, arXiv:1507.00466, bioRxiv:10.1101/862227v2, https://a.org/x",
    )
    html = page(f"/dataset/{dataset['name']}").body
    assert "Peter Pan" in html
    assert dataset["id"] in html
    for link, shown in (
        ("https://doi.org/10.1002/a:b", "10.1002/a:b"),
        ("https://doi.org/10.1000/2:3", "doi:10.1000/2:3"),
        ("https://arxiv.org/abs/1507.00466", "arXiv:1507.00466"),
        ("https://biorxiv.org/content/10.1101/862227v2", "bioRxiv:10.1101/862227v2"),
        ("https://a.org/x", "https://a.org/x"),
    ):
        assert f'<a href="{link}">{shown}</a>' in html


def test_a_bad_reference_of_old_times_is_plain_text(page, cast, new_dataset):
    from ckan import model

    dataset = new_dataset("active", private=False)
    package = model.Package.get(dataset["id"])
    package.extras["references"] = "javascript:alert(1)"
    package.metadata_modified = dt.datetime(2030, 1, 1)  # noqa: DTZ001 - as CKAN stores it
    model.Session.commit()
    html = page(f"/dataset/{dataset['name']}").body
    assert "javascript:alert(1)" in html
    assert 'href="javascript' not in html


def test_owners_are_shown_to_themselves(page, cast, new_dataset):
    dataset = new_dataset("active", private=False)
    owner = f'href="/user/{cast["circle editor"].name}"'
    page_of = f"/dataset/{dataset['name']}"
    for role, shown in (("anonymous", False), ("logged in", False), ("sysadmin", True)):
        assert ("Owner" in page(page_of, cast[role]).body) is shown, role
    assert owner in page(page_of, cast["circle editor"]).body


def test_resource_pages_show_what_is_known(page, cast, new_dataset):
    dataset = new_dataset("active", private=False)
    resource = dataset["resources"][0]
    answer = page(f"/dataset/{dataset['name']}/resource/{resource['id']}")
    assert answer.status_code == 200
    assert (
        '<tr class="toggle-more"><th scope="row">sp:chip:maker</th><td>me</td></tr>' in answer.body
    )
    assert '<th scope="row">sha256</th>' in answer.body
    assert "url type" not in answer.body


def test_pages_hide_what_is_not_permitted(page, cast):
    assert "hide_unused_elements" in page("/").body
    assert "hide_for_non_admin" in page("/", cast["logged in"]).body
    assert "hide_for_non_admin" not in page("/", cast["sysadmin"]).body


def test_pages_use_the_words_of_the_field(page, cast, new_dataset):
    dataset = new_dataset("active", private=False)
    for path, word in (("/organization/", "circle"), ("/group/", "collection")):
        body = page(path).body
        assert f"What are {word}s?" in body
        assert f"{word}s found" in body or f"1 {word} found" in body
        assert "organizations found" not in body
        assert "groups found" not in body
    assert "Create Circle" in page("/organization/new", cast["logged in"]).body
    body = page(f"/dataset/{dataset['name']}").body
    assert "Circles" in body
    assert "Organizations" not in body


def test_unknown_paths_are_not_found(page):
    assert page("/no-such-page").status_code == 404
