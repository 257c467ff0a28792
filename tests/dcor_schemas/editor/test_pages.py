"""The pages of the draft editor: who gets them, and what leads to them."""

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
def facts_of():
    """What a page tells its script."""

    def facts_of(answer):
        found = re.search(r'data-facts="([^"]*)"', answer.body)
        assert found
        return json.loads(html.unescape(found[1]))

    return facts_of


def test_users_get_an_editor_for_a_new_dataset(page, person, facts_of):
    answer = page("/dataset/draft/new", person)
    assert answer.status_code == 200
    facts = facts_of(answer)
    assert facts["dataset_id"] is None
    assert facts["user"]["name"] == person.name
    assert facts["may_create_circles"] is True


def test_visitors_are_asked_to_sign_in_and_come_back(page, draft):
    for path in ("/dataset/draft/new?group=x", f"/dataset/draft/{draft['id']}"):
        answer = page(path)
        assert answer.status_code == 302
        assert "/user/login?came_from=" in answer.headers["Location"]
        assert "draft" in answer.headers["Location"]


def test_an_editor_gets_the_draft(page, person, draft, facts_of):
    for reference in (draft["id"], draft["name"]):
        answer = page(f"/dataset/draft/{reference}", person)
        assert answer.status_code == 200
        assert facts_of(answer)["dataset_id"] == draft["id"]


def test_nobody_else_learns_that_there_is_a_draft(page, new_person, new_circle, draft):
    stranger = new_person()
    new_circle(stranger.name)
    foreign = page(f"/dataset/draft/{draft['id']}", stranger)
    unknown = page("/dataset/draft/no-such-dataset", stranger)
    assert (foreign.status_code, unknown.status_code) == (404, 404)


def test_members_who_may_only_read_get_no_editor(page, call, person, new_person, circle, draft):
    member = new_person()
    call("organization_member_create", person, id=circle["id"], username=member.name, role="member")
    assert page(f"/dataset/draft/{draft['id']}", member).status_code == 404


def test_an_active_dataset_is_no_draft(page, person, draft):
    context = {"ignore_auth": True, "user": person.name}
    tk.get_action("package_patch")(context, {"id": draft["id"], "resources": [{"name": "a.rtdc"}]})
    tk.get_action("package_patch")(dict(context), {"id": draft["id"], "state": "active"})
    answer = page(f"/dataset/draft/{draft['id']}", person)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/dataset/{draft['name']}")


def test_ckans_forms_for_drafts_lead_to_the_editor(page, person, draft):
    edit = page(f"/dataset/edit/{draft['name']}", person)
    assert edit.status_code == 302
    assert edit.headers["Location"].endswith(f"/dataset/draft/{draft['id']}")
    files = page(f"/dataset/{draft['name']}/resource/new", person)
    assert files.headers["Location"].endswith(f"/dataset/draft/{draft['id']}#files")


def test_the_page_is_nobody_elses(page, person, draft):
    for path in ("/dataset/draft/new", f"/dataset/draft/{draft['id']}"):
        assert page(path, person).headers["Cache-Control"] == "private, no-store"


def test_the_page_has_no_inline_script_or_style(page, person, draft):
    body = page(f"/dataset/draft/{draft['id']}", person).body
    editor = body[body.index('id="dcor-editor"') : body.index("</div>\n</div>", len(body) // 2)]
    assert "<script" not in editor
    assert not re.search(r"\s(style|on[a-z]+)=", editor)


def test_it_says_what_it_needs_without_javascript(page, person):
    body = page("/dataset/draft/new", person).body
    assert "needs JavaScript" in body[body.index("<noscript>") : body.index("</noscript>")]


def test_a_title_cannot_become_markup(page, call, person, new_draft):
    title = '"><script>alert(1)</script>'
    draft = new_draft(title=title)
    body = page(f"/dataset/draft/{draft['id']}", person).body
    assert "<script>alert(1)" not in body


@pytest.mark.parametrize("path", ["/dataset/", "/dashboard/datasets"])
def test_everybody_who_is_signed_in_is_led_to_the_editor(page, person, path):
    assert 'href="/dataset/draft/new"' in page(path, person).body


def test_visitors_are_not(page):
    assert "/dataset/draft/new" not in page("/dataset/").body


def test_the_page_of_a_circle_names_the_circle(page, person, circle, facts_of):
    body = page(f"/organization/{circle['name']}", person).body
    (link,) = set(re.findall(r'href="(/dataset/draft/new[^"]*)"', body))
    assert facts_of(page(link, person))["circle"] == circle["id"]
