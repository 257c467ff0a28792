"""A dataset is activated when its objects are the registered ones and one measurement is valid."""

from __future__ import annotations

import itertools

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.model import StepRow
from dcor_shared.testing.pipeline import run_pending

from ckanext.dcor_schemas.activation import Check, Verdict, overall, with_reasons

VALID, PENDING, INVALID = Verdict.VALID, Verdict.PENDING, Verdict.INVALID


def test_a_dataset_is_as_good_as_its_best_measurement():
    order = [VALID, PENDING, INVALID]
    for verdicts in itertools.product(order, repeat=3):
        checks = [Check(str(number), "a.rtdc", one) for number, one in enumerate(verdicts)]
        assert overall(checks) is min(verdicts, key=order.index)


def test_without_any_check_nothing_is_valid():
    assert overall([]) is INVALID


def test_a_refusal_says_what_is_wrong_with_each_measurement():
    checks = [
        Check("1", "a.rtdc", INVALID, "not HDF5"),
        Check("2", "b.txt", INVALID),
        Check("3", "c.rtdc", INVALID, "no events"),
    ]
    assert with_reasons("No", checks) == "No (a.rtdc: not HDF5; c.rtdc: no events)"
    assert with_reasons("No", checks[1:2]) == "No"


@pytest.fixture
def activate(call, person):
    def activate(dataset, status: int = 200, whose=person, **change):
        change = change or {"match": {"id": dataset["id"]}, "update": {"state": "active"}}
        return call("package_revise", whose, status=status, **change)

    return activate


@pytest.fixture
def measured(draft, upload, register, measurement):
    """A draft with one measurement that was not looked at yet; dataset and resource."""
    return draft, register(draft, upload(measurement), "small.rtdc")


@pytest.fixture
def ready(measured):
    """The same, looked at."""
    run_pending([measured[1]["id"]])
    return measured


def test_a_dataset_without_resources_is_not_activated(draft, activate):
    error = activate(draft, status=409)
    assert "because it does not contain any resources" in str(error["state"])


def test_a_dataset_without_measurements_is_not_activated(draft, upload, register, activate):
    register(draft, upload(), "notes.txt")
    error = activate(draft, status=409)
    assert "make sure that it contains a valid DC resource" in str(error["state"])


def test_garbage_is_no_measurement_and_the_reason_is_said(draft, upload, register, activate):
    run_pending([register(draft, upload(b"garbage"), "garbage.rtdc")["id"]])
    error = activate(draft, status=409)
    assert "make sure that it contains a valid DC resource" in str(error["state"])
    assert "garbage.rtdc: " in str(error["state"])


def test_a_valid_measurement_is_enough(ready, upload, register, activate, draft, call, person):
    register(draft, upload(b"garbage"), "notes.txt")
    assert activate(ready[0])["package"]["state"] == "active"
    shown = call("package_show", person, id=draft["id"])
    assert shown["state"] == "active"
    assert shown["resources"][0]["etag"] == ready[1]["etag"]


@pytest.mark.parametrize(
    "change",
    [
        {"update__state": "active"},
        {"update": '{"state": "active"}'},
        {"update": {"state": "active", "private": False}},
    ],
)
def test_every_shape_of_the_request_activates(change, ready, activate):
    answer = activate(ready[0], match={"name": ready[0]["name"]}, **change)
    assert answer["package"]["state"] == "active"


def test_patch_and_update_activate_as_well(ready, call, person):
    assert call("package_patch", person, id=ready[0]["name"], state="active")["state"] == "active"


def test_a_full_update_activates(ready, call, person):
    shown = call("package_show", person, id=ready[0]["id"])
    assert call("package_update", person, **shown | {"state": "active"})["state"] == "active"


def test_while_the_check_is_running_the_client_is_told_to_come_back(
    measured, activate, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.activation_wait", 0)
    error = activate(measured[0], status=409)
    assert "still running" in str(error["state"])


def test_a_measurement_whose_check_is_not_noted_yet_is_not_called_invalid(
    measured, activate, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.activation_wait", 0)
    model.Session.query(StepRow).filter_by(resource_id=measured[1]["id"]).delete()
    model.Session.commit()
    error = activate(measured[0], status=409)
    assert "still running" in str(error["state"])


def test_an_object_that_was_exchanged_is_not_activated(ready, activate, store, object_of):
    name = object_of(ready[1]["id"])
    store.client.put_object(Bucket=name.bucket, Key=name.key, Body=b"something else")
    error = activate(ready[0], status=409)
    assert "'small.rtdc' is not the one that was registered" in str(error["state"])


def test_an_object_that_is_missing_is_not_activated(ready, activate, store, object_of):
    name = object_of(ready[1]["id"])
    store.client.delete_object(Bucket=name.bucket, Key=name.key)
    error = activate(ready[0], status=409)
    assert "'small.rtdc' is not on the object store" in str(error["state"])


def test_a_sysadmin_gets_no_exemption_from_the_content_check(draft, activate, admin):
    assert "does not contain any" in str(activate(draft, status=409, whose=admin)["state"])


def test_a_collaborator_does_not_activate_and_nothing_is_waited_for(
    measured, activate, new_person, call, person
):
    editor = new_person()
    call(
        "package_collaborator_create",
        person,
        id=measured[0]["id"],
        user_id=editor.id,
        capacity="editor",
    )
    error = activate(measured[0], status=403, whose=editor)
    assert "circle" in error["message"]
