"""view.json: what there is, where it is, and what still happens."""

from __future__ import annotations

import uuid

import pytest

from ckan import model

from tests.dc_view.conftest import ETAG, SUMMARY
from tests.harness.rows import join


def ask(app, made, headers=None, query=""):
    return app.get(made.route("view.json") + query, headers=headers or {})


def test_public_data_have_a_stable_address(app, make_measurement, no_store):
    answer = ask(app, make_measurement())
    found = answer.json["bundle"]
    assert "?" not in found["url"]
    assert "/view/" in found["url"]
    assert found["expires_at"] is None
    assert (found["size"], found["first"]) == (SUMMARY["size"], SUMMARY["first"])
    assert found["fallback_url"].endswith("/view.bin")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_public_data_can_be_signed(app, make_measurement):
    found = ask(app, make_measurement(), query="?signed=1").json["bundle"]
    assert "X-Amz-Signature=" in found["url"]
    assert found["expires_at"].endswith("Z")


def test_private_data_are_signed(app, make_measurement, member):
    found = ask(app, make_measurement(private=True), member).json["bundle"]
    assert "X-Amz-Signature=" in found["url"]


@pytest.mark.parametrize("name", ["view.json", "view.bin", "events/0.json", "logs.json"])
def test_others_learn_nothing_about_private_data(app, make_measurement, stranger, name):
    private = make_measurement(private=True)
    unknown = app.get(f"/dataset/{uuid.uuid4()}/resource/{uuid.uuid4()}/{name}")
    for headers in ({}, stranger):
        answer = app.get(private.route(name), headers=headers)
        assert answer.status_code == unknown.status_code == 404
        assert (
            answer.json == unknown.json == {"error": "not-found", "message": "Resource not found"}
        )
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["view.json", "view.bin", "preview.jpg", "events/0.json"])
def test_the_dataset_has_to_be_the_right_one(app, make_measurement, name):
    made, other = make_measurement(), make_measurement()
    path = f"/dataset/{other.package_id}/resource/{made.id}/{name}"
    assert app.get(path).status_code == 404


def test_deleted_resources_are_gone(app, make_measurement):
    made = make_measurement()
    model.Session.get(model.Resource, made.id).state = "deleted"
    model.Session.commit()
    assert ask(app, made).status_code == 404


def test_drafts_are_not_public(app, make_measurement):
    assert ask(app, make_measurement(state="draft")).status_code == 404


def test_other_files_have_no_views(app, make_resource):
    answer = ask(app, make_resource(name="notes.txt", mimetype="text/plain"))
    assert answer.json["error"] == "no-measurement"


def test_while_the_pipeline_works(app, make_measurement, note_step):
    made = make_measurement(summary=None)
    note_step(made, "describe", "done")
    note_step(made, "overview", "running")
    found = ask(app, made).json
    assert found["bundle"] is None
    assert found["preview"] is None
    assert found["pipeline"]["poll_after"] == 2
    states = {step["step"]: step["state"] for step in found["pipeline"]["steps"]}
    assert states == {"describe": "done", "overview": "running"}


def test_an_overview_of_another_object_does_not_count(app, make_resource, note_record):
    made = make_resource()
    note_record(made, etag="1" * 32, extra={"overview": SUMMARY})
    assert ask(app, made).json["bundle"] is None


def fail(made, note_step):
    note_step(made, "overview", "failed", error_code="unreadable", error_text="It is damaged.")


def test_failures_say_why(app, make_measurement, note_step):
    made = make_measurement(summary=None)
    fail(made, note_step)
    found = ask(app, made).json
    assert found["pipeline"]["failed"]
    assert found["pipeline"]["steps"][0]["error_text"] == "It is damaged."
    assert found["retry"] is None


def test_editors_may_retry(app, make_measurement, note_step, editor, member):
    made = make_measurement(summary=None)
    fail(made, note_step)
    assert ask(app, made, member).json["retry"] is None
    url = ask(app, made, editor).json["retry"]["url"]
    answer = app.post(url, headers=editor, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(made.page)
    assert ask(app, made, editor).json["pipeline"]["steps"][0]["state"] == "pending"


def test_others_may_not_retry(app, make_measurement, note_step, member):
    made = make_measurement(summary=None)
    fail(made, note_step)
    for headers in ({}, member):
        assert app.post(made.route("retry"), headers=headers).status_code in {403, 404}
    assert ask(app, made).json["pipeline"]["failed"]


def test_editors_may_make_the_overview_again(app, make_measurement, note_step, editor, member):
    made = make_measurement()
    note_step(made, "hash", "done")
    note_step(made, "overview", "done")
    assert ask(app, made, member).json["regenerate"] is None
    assert ask(app, made, editor).json["retry"] is None
    url = ask(app, made, editor).json["regenerate"]["url"]
    answer = app.post(url, headers=editor, follow_redirects=False)
    assert answer.status_code == 303
    found = ask(app, made, editor).json
    states = {step["step"]: step["state"] for step in found["pipeline"]["steps"]}
    assert states == {"hash": "done", "overview": "pending"}
    assert found["bundle"] is not None, "the old one is shown until then"
    assert found["regenerate"] is None
    app.post(url, headers=editor, follow_redirects=False, status=303)


def test_no_other_site_starts_anything(app, make_measurement, note_step, circle, new_person):
    made, person = make_measurement(), new_person()
    note_step(made, "overview", "done")
    headers = join(circle, person, "editor")
    address = made.route("regenerate")
    # CKAN would switch its check off for everybody who comes after this one
    app.post(address, headers=headers, follow_redirects=False, status=303)
    for name in ("retry", "regenerate"):
        own = app.test_client(user=model.User.get(person.id))
        assert own.post(made.route(name), base_url="http://localhost").status_code == 400


def test_others_may_not_make_it_again(app, make_measurement, note_step, member):
    made = make_measurement()
    note_step(made, "overview", "done")
    for headers in ({}, member):
        assert app.post(made.route("regenerate"), headers=headers).status_code in {403, 404}
    assert ask(app, made).json["pipeline"]["finished"]


def test_endpoints_are_named(app, make_measurement):
    made = make_measurement()
    found = ask(app, made).json["endpoints"]
    assert found["event"] == made.route("events/{index}")
    assert found["batch"] == made.route("events.bin")
    assert set(found) == {"state", "event", "batch", "metadata", "logs", "basins", "tables"}
    assert ask(app, made).json["resource"]["etag"] == ETAG
