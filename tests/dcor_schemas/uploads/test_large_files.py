"""Large objects are settled by a step, after the registration; all promises hold before, too."""

from __future__ import annotations

import pytest
import requests

from dcor_shared.objects.store import head
from dcor_shared.testing.pipeline import run_pending

from ckanext.dcor_schemas.uploads import prepare


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch):
    """Objects of more than three bytes count as large."""
    monkeypatch.setattr(prepare, "SETTLE_IN_REQUEST", 3)


@pytest.fixture
def states(call, person):
    def states(resource_id):
        (steps,) = call("dcor_resource_status", person, id=resource_id).values()
        return {step["step"]: step["state"] for step in steps}

    return states


@pytest.fixture
def uploaded(allowed):
    """An upload of five bytes; id and URL."""
    answer = allowed(5)
    url = answer["upload_urls"][0]
    requests.put(url, data=b"bytes", timeout=30).raise_for_status()
    return answer["resource_id"], url


def test_it_waits_for_the_step(uploaded, draft, register, states, store, object_of):
    resource = register(draft, uploaded[0])
    assert states(resource["id"])["settle"] == "pending"
    assert resource["size"] == 5
    assert resource["etag"]
    run_pending([resource["id"]])
    assert states(resource["id"])["settle"] == "done"
    name = object_of(resource["id"])
    found = store.client.head_object(Bucket=name.bucket, Key=name.key)
    assert found["ETag"].strip('"') == resource["etag"]
    assert found["ContentType"] == "text/plain"


def test_small_ones_do_not_wait(upload, draft, register, states):
    assert states(register(draft, upload(b"abc"))["id"])["settle"] == "skipped"


def test_an_object_that_is_exchanged_before_the_step_is_never_served(
    uploaded, draft, register, states, anonymous_get, store, object_of
):
    resource = register(draft, uploaded[0])
    requests.put(uploaded[1], data=b"BYTES", timeout=30)
    run_pending([resource["id"]])
    assert states(resource["id"])["settle"] == "failed"
    assert states(resource["id"])["hash"] == "skipped"
    assert anonymous_get(resource["id"]).status_code in {403, 404}
    assert head(store, object_of(resource["id"])) is None


def test_activation_settles_what_waits(draft, upload, register, measurement, call, person):
    resource = register(draft, upload(measurement), "small.rtdc")
    run_pending([resource["id"]])
    note = register(draft, upload(b"bytes"), "notes.txt")
    call("package_patch", person, id=draft["id"], state="active")
    answer = requests.get(note["s3_url"], timeout=30)
    assert answer.content == b"bytes"


def test_activation_refuses_what_was_exchanged(
    draft, upload, register, measurement, call, person, uploaded
):
    resource = register(draft, upload(measurement), "small.rtdc")
    run_pending([resource["id"]])
    register(draft, uploaded[0], "notes.txt")
    requests.put(uploaded[1], data=b"BYTES", timeout=30)
    error = call("package_patch", person, id=draft["id"], state="active", status=409)
    assert "'notes.txt' is not the one that was registered" in str(error["state"])
