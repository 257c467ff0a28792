"""Whoever began an upload, and nobody else, continues or cancels it."""

from __future__ import annotations

import hashlib
import os
import uuid

import pytest
import requests
import sqlalchemy as sa

from ckan import model

from dcor_shared.objects import staging
from dcor_shared.objects.names import object_key
from dcor_shared.objects.store import head

from ckanext.dcor_schemas import model as tables
from ckanext.dcor_schemas.uploads import ledger, prepare

#: The least that stores accept as a part which is not the last one.
PART = 5 * 2**20


@pytest.fixture
def put():
    def put(url: str, data: bytes) -> str:
        answer = requests.put(url, data=data, timeout=30)
        answer.raise_for_status()
        return answer.headers["ETag"].strip('"')

    return put


@pytest.fixture
def two_parts(monkeypatch, allowed):
    """An upload in two parts: id, URLs."""
    monkeypatch.setattr(staging, "PART_UNIT", PART)
    answer = allowed(2 * PART)
    return answer["resource_id"], answer["upload_urls"]


@pytest.fixture
def age():
    """Lets an upload have begun some days ago."""

    def age(resource_id: str, days: int = 2) -> None:
        table = tables.UploadRow.__table__
        model.Session.execute(
            sa.update(table)
            .where(table.c.resource_id == resource_id)
            .values(created=sa.func.now() - sa.text(f"interval '{days} days'"))
        )

    return age


def test_what_has_arrived_is_not_asked_for_again(call, person, two_parts, put, circle):
    resource_id, urls = two_parts
    data = os.urandom(PART)
    etag = put(urls[0], data)
    found = call("dcor_upload_resume", person, id=resource_id)
    assert found["parts"] == [{"part_number": 1, "size": PART, "etag": etag}]
    assert etag == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert found["upload_urls"][0] is None
    assert found["upload_urls"][1]
    assert found["complete_url"]
    assert found["part_size"] == PART
    assert found["file_size"] == 2 * PART
    assert found["organization_id"] == circle["id"]
    assert found["registered"] is False


def test_a_new_url_works(call, person, allowed, put, draft, register):
    resource_id = allowed(5)["resource_id"]
    (url,) = call("dcor_upload_resume", person, id=resource_id)["upload_urls"]
    etag = put(url, b"bytes")
    found = call("dcor_upload_resume", person, id=resource_id)
    assert (found["etag"], found["upload_urls"]) == (etag, [None])
    assert register(draft, resource_id)["etag"] == etag


def test_a_registered_upload_says_so(call, person, upload, draft, register):
    resource_id = upload(b"bytes")
    etag = register(draft, resource_id)["etag"]
    found = call("dcor_upload_resume", person, id=resource_id)
    assert (found["registered"], found["etag"]) == (True, etag)
    assert found["upload_urls"] == [None]


@pytest.mark.parametrize("action", ["dcor_upload_resume", "dcor_upload_cancel"])
def test_nobody_else_may_do_it(call, new_person, new_circle, allowed, action):
    resource_id = allowed(5)["resource_id"]
    stranger = new_person()
    new_circle(stranger.name)
    foreign = call(action, stranger, status=403, id=resource_id)
    unknown = call(action, stranger, status=403, id=str(uuid.uuid4()))
    assert "You have no upload" in foreign["message"]
    assert "You have no upload" in unknown["message"]
    assert "requires an authenticated user" in call(action, status=403, id=resource_id)["message"]


def test_other_members_of_the_circle_may_not_do_it(call, new_person, new_circle, upload_in):
    owner, colleague = new_person(), new_person()
    shared = new_circle(owner.name, {colleague.name: "admin"})
    resource_id = upload_in(shared, owner)
    call("dcor_upload_resume", colleague, status=403, id=resource_id)


def test_who_has_left_the_circle_gets_no_new_urls(call, new_person, new_circle, upload_in):
    owner, editor = new_person(), new_person()
    shared = new_circle(owner.name, {editor.name: "editor"})
    resource_id = upload_in(shared, editor)
    call("organization_member_delete", owner, id=shared["id"], username=editor.name)
    call("dcor_upload_resume", editor, status=403, id=resource_id)
    call("dcor_upload_cancel", editor, id=resource_id)


@pytest.fixture
def upload_in(call, store):
    def allow(circle, whose) -> str:
        asked = {"organization_id": circle["id"], "file_size": 5}
        return call("resource_upload_s3_urls", whose, **asked)["resource_id"]

    return allow


@pytest.mark.parametrize("action", ["dcor_upload_resume", "dcor_upload_cancel"])
@pytest.mark.parametrize("value", [None, "", 5, "no-uuid", ["a"], {"a": 1}])
def test_an_id_that_makes_no_sense_is_refused(app, person, action, value):
    answer = app.post(f"/api/3/action/{action}", json={"id": value}, headers=person.headers)
    assert answer.status_code in {403, 409}


def test_they_are_not_called_by_get(app, person):
    for action in ("dcor_upload_resume", "dcor_upload_cancel"):
        answer = app.get(f"/api/3/action/{action}?id=x", headers=person.headers)
        assert answer.status_code == 400


def test_continuing_keeps_an_upload_pending(call, person, allowed, age):
    resource_id = allowed(5)["resource_id"]
    age(resource_id)
    assert ledger.count_pending(person.id) == 0
    call("dcor_upload_resume", person, id=resource_id)
    assert ledger.count_pending(person.id) == 1


def test_old_uploads_are_no_way_round_the_limit(call, person, allowed, age, ckan_config):
    old = allowed(5)["resource_id"]
    age(old)
    ckan_config["ckanext.dcor_schemas.max_pending_uploads"] = 1
    recent = allowed(5)["resource_id"]
    error = call("dcor_upload_resume", person, status=409, id=old)
    assert "not registered" in str(error)
    call("dcor_upload_resume", person, id=recent)


def test_cancelling_removes_what_has_arrived(call, person, two_parts, put, store, object_of):
    resource_id, urls = two_parts
    put(urls[0], os.urandom(PART))
    call("dcor_upload_cancel", person, id=resource_id)
    bucket = object_of(resource_id).bucket
    assert not store.client.list_multipart_uploads(Bucket=bucket).get("Uploads")


def test_cancelling_removes_a_whole_file(call, person, upload, store, object_of):
    resource_id = upload(b"bytes")
    call("dcor_upload_cancel", person, id=resource_id)
    bucket, key = object_of(resource_id).bucket, object_key("upload", resource_id)
    listed = store.client.list_objects_v2(Bucket=bucket, Prefix=key)
    assert not listed.get("Contents")


def test_a_cancelled_upload_still_counts(call, person, allowed):
    resource_id = allowed(5)["resource_id"]
    call("dcor_upload_cancel", person, id=resource_id)
    assert ledger.count_pending(person.id) == 1


def test_cancelling_leaves_resources_alone(call, person, upload, draft, register, store, object_of):
    resource_id = upload(b"bytes")
    register(draft, resource_id)
    call("dcor_upload_cancel", person, id=resource_id)
    name = object_of(resource_id)
    assert store.client.head_object(Bucket=name.bucket, Key=name.key)["ContentLength"] == 5


def test_cancelling_removes_a_file_whose_registration_failed(
    call, person, draft, upload, register, store, object_of
):
    register(draft, upload(b"one"), "same.txt")
    resource_id = upload(b"two")
    register(draft, resource_id, "same.txt", status=409)
    assert head(store, object_of(resource_id))
    call("dcor_upload_cancel", person, id=resource_id)
    assert head(store, object_of(resource_id)) is None
    problem = register(draft, resource_id, "other.txt", status=403)
    assert "not available on S3" in str(problem)


def test_a_file_that_is_registered_meanwhile_is_not_cancelled(
    call, person, draft, upload, register, store, object_of, monkeypatch
):
    resource_id = upload(b"bytes")
    find = ledger.find_upload

    def find_and_register(wanted):
        found = find(wanted)
        monkeypatch.setattr(ledger, "find_upload", find)
        register(draft, resource_id)
        return found

    monkeypatch.setattr(ledger, "find_upload", find_and_register)
    call("dcor_upload_cancel", person, id=resource_id)
    assert ledger.find_upload(resource_id).registered
    assert head(store, object_of(resource_id))


def test_a_file_that_is_cancelled_meanwhile_is_not_registered(
    call, person, draft, upload, register, monkeypatch
):
    resource_id = upload(b"bytes")
    look = prepare._look_and_settle

    def look_and_cancel(waiting, circle_id):
        found = look(waiting, circle_id)
        call("dcor_upload_cancel", person, id=resource_id)
        return found

    monkeypatch.setattr(prepare, "_look_and_settle", look_and_cancel)
    problem = register(draft, resource_id, status=403)
    assert "not available on S3" in str(problem)
    assert call("package_show", person, id=draft["id"])["resources"] == []
