"""People and programs see how far the processing of a resource is, and may try it again."""

from __future__ import annotations

import pytest

from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.steps import Queue
from dcor_shared.testing.pipeline import run_pending


@pytest.fixture
def resource(draft, upload, register, measurement):
    return register(draft, upload(measurement), "small.rtdc")


@pytest.fixture
def broken(draft, upload, register):
    resource = register(draft, upload(b"garbage"), "garbage.rtdc")
    run_pending([resource["id"]])
    return resource


def test_a_new_resource_waits(resource, call, person):
    (steps,) = call("dcor_resource_status", person, id=resource["id"]).values()
    states = {step["step"]: step["state"] for step in steps}
    assert states["settle"] == "skipped"
    assert states["describe"] == states["hash"] == "pending"
    assert all(step["title"] and step["created"].endswith("+00:00") for step in steps)


def test_workers_are_told_about_a_new_resource(resource):
    waiting = tk.get_job_queue(Queue.SHORT).job_ids
    assert any(resource["id"] in job_id for job_id in waiting)


def test_a_processed_resource_is_done(resource, call, person, draft):
    run_pending([resource["id"]])
    (steps,) = call("dcor_resource_status", person, id=resource["id"]).values()
    done = {step["step"] for step in steps if step["state"] == "done"}
    assert {"describe", "hash"} <= done
    assert all(step["finished"] for step in steps if step["state"] == "done")
    (shown,) = call("package_show", person, id=draft["id"])["resources"]
    assert shown["format"] == "RT-DC"
    assert shown["dc:setup:channel width"] == 20.0
    assert len(shown["sha256"]) == 64


def test_processing_leaves_the_modification_time_of_the_dataset(resource, call, person, draft):
    before = call("package_show", person, id=draft["id"])["metadata_modified"]
    run_pending([resource["id"]])
    assert call("package_show", person, id=draft["id"])["metadata_modified"] == before


def test_a_dataset_shows_all_its_resources(resource, broken, call, person, draft):
    for reference in (draft["id"], draft["name"]):
        found = call("dcor_resource_status", person, id=reference)
        assert set(found) == {resource["id"], broken["id"]}


def test_a_failure_keeps_its_reason(broken, call, person):
    (steps,) = call("dcor_resource_status", person, id=broken["id"]).values()
    (describe,) = [step for step in steps if step["step"] == "describe"]
    assert describe["state"] == "failed"
    assert describe["error_code"] == "not-hdf5"
    assert describe["error_text"]


def test_editors_try_failed_steps_again(broken, call, person):
    assert "describe" in call("dcor_resource_retry", person, id=broken["id"])["steps"]
    (steps,) = call("dcor_resource_status", person, id=broken["id"]).values()
    assert {s["step"]: s["state"] for s in steps}["describe"] == "pending"


def test_nobody_else_sees_or_changes_anything(broken, call, new_person, person, new_circle):
    stranger = new_person()
    call("dcor_resource_status", stranger, id=broken["id"], status=403)
    call("dcor_resource_status", None, id=broken["id"], status=403)
    call("dcor_resource_retry", stranger, id=broken["id"], status=403)
    call("dcor_resource_status", person, id="unknown", status=404)
    call("dcor_resource_status", person, status=409)
