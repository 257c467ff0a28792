"""``dcor_dataset_check`` says before an activation what it would say."""

from __future__ import annotations

import pytest

from dcor_shared.testing.pipeline import run_pending


@pytest.fixture
def check(call, person):
    return lambda dataset, **kwargs: call("dcor_dataset_check", person, id=dataset["id"], **kwargs)


@pytest.fixture
def measured(draft, upload, register, measurement):
    return register(draft, upload(measurement), "small.rtdc")


def test_an_empty_draft_is_not_ready(draft, check):
    report = check(draft)
    assert (report["ready"], report["resources"]) == (False, [])
    assert "does not contain any resources" in report["problems"][0]


def test_a_checked_measurement_is_ready_and_is_activated(draft, measured, check, call, person):
    assert "still running" in check(draft)["problems"][0]
    run_pending([measured["id"]])
    report = check(draft)
    assert report["ready"], report
    assert report["resources"][0]["size"] == measured["size"]
    call("package_patch", person, id=draft["id"], state="active")
    assert check(draft)["ready"] is False


def test_garbage_is_named_with_its_reason(draft, upload, register, check):
    run_pending([register(draft, upload(b"garbage"), "garbage.rtdc")["id"]])
    report = check(draft)
    assert not report["ready"]
    (resource,) = report["resources"]
    assert resource["check"] == "invalid"
    assert "not a valid measurement" in resource["hints"][0]


def test_a_missing_file_is_named(draft, measured, check, store, object_of):
    run_pending([measured["id"]])
    name = object_of(measured["id"])
    store.client.delete_object(Bucket=name.bucket, Key=name.key)
    assert "not on the object store" in check(draft)["resources"][0]["problems"][0]


def test_strangers_learn_nothing_of_drafts(draft, call, new_person):
    call("dcor_dataset_check", new_person(), status=403, id=draft["id"])
    call("dcor_dataset_check", status=403, id=draft["id"])


def test_readers_do_not_have_the_object_store_asked(draft, call, new_person, circle, admin):
    reader = new_person()
    member = {"id": circle["id"], "username": reader.name, "role": "member"}
    call("organization_member_create", admin, **member)
    call("package_show", reader, id=draft["id"])
    error = call("dcor_dataset_check", reader, status=403, id=draft["id"])
    assert "not authorized to edit" in error["message"]


def test_an_unknown_dataset_is_not_found(call, person):
    call("dcor_dataset_check", person, status=404, id="no-such-dataset")


def test_the_page_of_a_draft_says_it(app, draft, measured, person):
    page = app.get(f"/dataset/{draft['name']}", headers=person.headers).body
    assert "not ready to be published" in page
    run_pending([measured["id"]])
    page = app.get(f"/dataset/{draft['name']}", headers=person.headers).body
    assert "Nothing is missing" in page
    assert "<strong>small.rtdc</strong>: Nothing is said yet about" in page
