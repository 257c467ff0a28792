"""The pages of a file and of a dataset show the same: every step, when, how often, why not."""

from __future__ import annotations

import re

import pytest

from dcor_shared.testing.pipeline import run_pending


@pytest.fixture
def resource(draft, upload, register, measurement):
    """A file that waits."""
    return register(draft, upload(measurement), "small.rtdc")


@pytest.fixture
def broken(draft, upload, register):
    """A file that no step can read."""
    resource = register(draft, upload(b"garbage"), "garbage.rtdc")
    run_pending([resource["id"]])
    return resource


@pytest.fixture
def page(app, person):
    """Text of a page, as the owner sees it."""

    def page(path: str, who=person) -> str:
        answer = app.get(path, headers=who.headers if who else {})
        assert answer.status_code == 200, answer.status
        return answer.body

    return page


def of_resource(draft, resource) -> str:
    return f"/dataset/{draft['id']}/resource/{resource['id']}"


def tables(body: str) -> list[list[tuple[str, ...]]]:
    """Cells of the tables of steps."""
    found = re.findall(r'<table class="[^"]*dcor-step-table">.*?</table>', body, re.DOTALL)
    return [
        [
            tuple(" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells)
            for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)
            if (cells := re.findall("<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL))
        ]
        for table in found
    ]


def test_both_pages_show_the_same_steps(resource, broken, draft, page):
    run_pending([resource["id"]])
    (one,) = tables(page(of_resource(draft, broken)))
    (other,) = tables(page(of_resource(draft, resource)))
    assert tables(page(f"/dataset/{draft['id']}")) == [one, other]


def test_a_step_says_how_often_when_and_why_not(broken, draft, page):
    (table,) = tables(page(of_resource(draft, broken)))
    steps = {title: rest for title, *rest in table[1:]}
    state, attempts, begun, took = steps["Read the metadata"]
    assert state.startswith("failed ")
    assert "HDF5" in state
    assert attempts == "1"
    assert begun
    assert took.endswith(" s")


def test_what_follows_a_failure_is_left_out(broken, draft, page):
    (table,) = tables(page(of_resource(draft, broken)))
    left_out = [rest[0] for _title, *rest in table[1:] if rest[0].startswith("left out")]
    assert left_out
    assert set(left_out) == {"left out A step before it failed"}


def test_a_new_file_waits(resource, draft, page):
    (table,) = tables(page(of_resource(draft, resource)))
    steps = {title: rest for title, *rest in table[1:]}
    assert steps["Read the metadata"] == ["waiting", "", "", ""]


@pytest.mark.parametrize("of", ["dataset", "resource"])
def test_a_fragment_asks_again_until_everything_is_done(resource, draft, app, person, page, of):
    place = of_resource(draft, resource) if of == "resource" else f"/dataset/{draft['id']}"
    assert 'aria-busy="true"' in page(place)
    before = app.get(f"{place}/processing?looks=7", headers=person.headers)
    assert "looks=8" in before.body
    assert "delay:4s" in before.body
    assert before.headers["Cache-Control"] == "private, no-store"
    run_pending([resource["id"]])
    after = page(f"{place}/processing")
    assert "hx-get" not in after
    assert "done" in after


@pytest.mark.parametrize("number", ["x", "-3", "99999999999999999999999"])
def test_a_strange_number_of_looks_is_no_problem(resource, draft, page, number):
    assert "hx-get" in page(f"{of_resource(draft, resource)}/processing?looks={number}")


def test_fragments_are_for_readers_of_the_dataset(resource, draft, app, new_person):
    for place in (of_resource(draft, resource), f"/dataset/{draft['id']}"):
        app.get(f"{place}/processing", status=404)
        app.get(f"{place}/processing", headers=new_person().headers, status=404)


def test_a_file_of_another_dataset_is_not_there(resource, new_draft, page, app, person):
    other = new_draft()
    app.get(f"{of_resource(other, resource)}/processing", headers=person.headers, status=404)


def test_editors_try_again_on_either_page(broken, draft, app, person, page):
    place = of_resource(draft, broken)
    for of, back in (("resource", place), ("dataset", f"/dataset/{draft['name']}")):
        body = page(back)
        (action,) = set(re.findall(rf'action="([^"]*of={of})"', body))
        answer = app.post(action, headers=person.headers, follow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(back.replace(draft["id"], draft["name"]))
        assert "waiting" in page(place)
        run_pending([broken["id"]])


def test_with_a_script_the_page_stays_where_it_is(broken, draft, app, person):
    headers = {**person.headers, "HX-Request": "true"}
    answer = app.post(f"{of_resource(draft, broken)}/processing", headers=headers)
    assert answer.status_code == 200
    assert answer.body.lstrip().startswith("<section")
    assert "waiting" in answer.body


def test_only_editors_try_again(broken, draft, app, call, person, circle, new_person, page):
    member = new_person()
    call("organization_member_create", person, id=circle["id"], username=member.name, role="member")
    place = of_resource(draft, broken)
    assert "Try again" not in page(place, member)
    for who, status in ((member, 403), (new_person(), 404), (None, 404)):
        headers = who.headers if who else {}
        app.post(f"{place}/processing", headers=headers, status=status)


def test_editors_of_a_draft_are_told_what_is_missing(draft, resource, page):
    body = page(f"/dataset/{draft['id']}")
    assert "not ready to be published" in body
    assert "check of its measurements is still running" in body
    assert f'href="/dataset/draft/{draft["id"]}"' in body
    run_pending([resource["id"]])
    assert "Nothing is missing" in page(f"/dataset/{draft['id']}")


def test_readers_of_a_draft_are_not(draft, call, person, circle, new_person, page):
    member = new_person()
    call("organization_member_create", person, id=circle["id"], username=member.name, role="member")
    assert "to be published" not in page(f"/dataset/{draft['id']}", member)
