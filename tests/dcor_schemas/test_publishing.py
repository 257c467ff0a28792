"""Objects are public exactly while their dataset is active and not private."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import outbox
from dcor_shared.pipeline.model import OutboxRow
from dcor_shared.testing.pipeline import run_pending


@pytest.fixture
def make_active(new_draft, upload, register, measurement, call, person):
    """Makes active datasets with one measurement; dataset and id of the resource."""

    def make(**fields):
        dataset = new_draft(**fields)
        resource_id = register(dataset, upload(measurement), "small.rtdc")["id"]
        run_pending([resource_id])
        call("package_patch", person, id=dataset["id"], state="active")
        return dataset, resource_id

    return make


@pytest.fixture
def status_of(anonymous_get):
    return lambda resource_id: anonymous_get(resource_id).status_code


def test_a_public_draft_is_published_by_its_activation(
    draft, upload, register, measurement, call, person, status_of, anonymous_get
):
    resource_id = register(draft, upload(measurement), "small.rtdc")["id"]
    assert status_of(resource_id) == 403
    run_pending([resource_id])
    assert status_of(resource_id) == 403
    call("package_patch", person, id=draft["id"], state="active")
    assert anonymous_get(resource_id).content == measurement.read_bytes()


def test_a_private_dataset_is_published_when_the_call_returns(make_active, call, person, status_of):
    dataset, resource_id = make_active(private=True)
    assert status_of(resource_id) == 403
    change = {"match": {"id": dataset["id"]}, "update": {"private": False}}
    call("package_revise", person, **change)
    assert status_of(resource_id) == 200


def test_a_dataset_is_hidden_when_it_becomes_private(make_active, call, admin, status_of):
    dataset, resource_id = make_active()
    assert status_of(resource_id) == 200
    call("package_patch", admin, id=dataset["id"], private=True)
    assert status_of(resource_id) == 403


def test_a_deleted_dataset_is_hidden_and_its_objects_stay(
    make_active, call, admin, status_of, store, object_of
):
    dataset, resource_id = make_active()
    call("package_delete", admin, id=dataset["id"])
    assert status_of(resource_id) == 403
    name = object_of(resource_id)
    assert store.client.head_object(Bucket=name.bucket, Key=name.key)


def test_a_restored_dataset_is_published_again(make_active, call, admin, status_of):
    dataset, resource_id = make_active()
    call("package_delete", admin, id=dataset["id"])
    call("package_patch", admin, id=dataset["id"], state="active")
    assert status_of(resource_id) == 200


def test_a_purge_removes_the_objects(make_active, call, admin, store, object_of):
    dataset, resource_id = make_active()
    call("package_delete", admin, id=dataset["id"])
    call("dataset_purge", admin, id=dataset["id"])
    bucket = object_of(resource_id).bucket
    assert not store.client.list_objects_v2(Bucket=bucket).get("Contents")


def test_with_a_grace_period_a_purge_hides_first(
    make_active, call, admin, store, object_of, status_of, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.delete_grace_period", 3600)
    dataset, resource_id = make_active()
    assert status_of(resource_id) == 200
    call("dataset_purge", admin, id=dataset["id"])
    assert status_of(resource_id) == 403
    name = object_of(resource_id)
    assert store.client.head_object(Bucket=name.bucket, Key=name.key)


def test_bulk_publishing_publishes_the_objects(make_active, call, person, circle, status_of):
    made = [make_active(private=True) for _number in range(2)]
    ids = [dataset["id"] for dataset, _resource_id in made]
    call("bulk_update_public", person, datasets=ids, org_id=circle["id"])
    assert [status_of(resource_id) for _dataset, resource_id in made] == [200, 200]


def test_bulk_hiding_hides_the_objects(make_active, call, admin, circle, status_of):
    dataset, resource_id = make_active()
    call("bulk_update_private", admin, datasets=[dataset["id"]], org_id=circle["id"])
    assert status_of(resource_id) == 403


def test_a_resource_that_a_sysadmin_adds_to_a_public_dataset_is_public(
    make_active, upload, register, admin, status_of
):
    dataset, _resource_id = make_active()
    added = register(dataset, upload(b"bytes"), "notes.txt", whose=admin)["id"]
    assert status_of(added) == 200


def test_a_resource_that_a_sysadmin_removes_from_a_public_dataset_is_hidden(
    make_active, call, admin, status_of
):
    dataset, resource_id = make_active()
    call("package_revise", admin, match={"id": dataset["id"]}, filter=["-resources__0"])
    assert status_of(resource_id) == 403


def test_a_rollback_takes_the_intent_along(make_active, status_of):
    dataset, resource_id = make_active(private=True)
    package = model.Package.get(dataset["id"])
    package.private = False
    model.Session.flush()
    assert model.Session.query(OutboxRow).filter_by(resource_id=resource_id).count() == 1
    model.Session.rollback()
    outbox.drain([resource_id])
    assert model.Session.query(OutboxRow).filter_by(resource_id=resource_id).count() == 0
    assert status_of(resource_id) == 403


def test_an_unreachable_store_does_not_lose_the_intent(
    make_active, call, person, status_of, monkeypatch
):
    dataset, resource_id = make_active(private=True)
    with monkeypatch.context() as broken:
        broken.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")
        broken.setitem(tk.config, "ckanext.dcor_schemas.publish_wait", 1)
        call("package_patch", person, id=dataset["id"], private=False)
    row = model.Session.query(OutboxRow).filter_by(resource_id=resource_id).one()
    row.not_before = row.created
    model.Session.commit()
    outbox.drain([resource_id])
    assert status_of(resource_id) == 200
