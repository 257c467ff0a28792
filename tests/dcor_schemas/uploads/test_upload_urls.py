"""Upload URLs are given to those who may create datasets in an existing circle, within limits."""

from __future__ import annotations

import uuid

import pytest
import requests

from ckan.plugins import toolkit as tk

GIB = 2**30


@pytest.fixture
def buckets(store):
    return lambda: {bucket["Name"] for bucket in store.client.list_buckets()["Buckets"]}


def test_a_file_of_one_part_gets_one_url(allowed):
    for size in (0, 5, GIB):
        answer = allowed(size)
        assert len(answer["upload_urls"]) == 1
        assert answer["complete_url"] is None
        assert str(uuid.UUID(answer["resource_id"])) == answer["resource_id"]


def test_a_larger_file_gets_one_url_per_part_and_one_to_complete_it(allowed):
    answer = allowed(GIB + 1)
    assert len(answer["upload_urls"]) == 2
    assert answer["complete_url"]


def test_clients_ask_by_get(app, person, circle, store):
    answer = app.get(
        "/api/3/action/resource_upload_s3_urls"
        f"?organization_id={circle['id']}&file_size=1073741829",
        headers=person.headers,
    )
    assert len(answer.json["result"]["upload_urls"]) == 2


def test_a_single_put_leaves_no_multipart_upload_behind(allowed, store, object_of):
    answer = allowed(5)
    bucket = object_of(answer["resource_id"]).bucket
    assert not store.client.list_multipart_uploads(Bucket=bucket).get("Uploads")


@pytest.mark.parametrize("size", [None, "", "peter", -1, 5.5, 10**15])
def test_a_size_that_makes_no_sense_is_refused_by_its_key(call, person, circle, size, store):
    asking = {"organization_id": circle["id"], "file_size": size}
    error = call("resource_upload_s3_urls", person, status=409, **asking)
    assert "file_size" in error


def test_a_missing_circle_is_named(call, person):
    error = call("resource_upload_s3_urls", person, status=409, file_size=5)
    assert error["organization_id"] == ["No organization_id provided"]


def test_nobody_else_gets_urls_and_no_bucket_is_made(
    call, circle, new_person, new_circle, admin, person, buckets, store
):
    member = new_person()
    circle = new_circle(person.name, {member.name: "member"})
    before = buckets()
    asking = {"organization_id": circle["id"], "file_size": 5}
    for nobody in (None, new_person(), member):
        call("resource_upload_s3_urls", nobody, status=403, **asking)
    by_name = {"organization_id": circle["name"], "file_size": 5}
    call("resource_upload_s3_urls", person, status=403, **by_name)
    unknown = {"organization_id": str(uuid.uuid4()), "file_size": 5}
    call("resource_upload_s3_urls", person, status=403, **unknown)
    call("resource_upload_s3_urls", admin, status=404, **unknown)
    assert buckets() == before


def test_an_editor_of_the_circle_gets_urls(call, person, new_person, new_circle, store):
    editor = new_person()
    circle = new_circle(person.name, {editor.name: "editor"})
    asking = {"organization_id": circle["id"], "file_size": 5}
    assert call("resource_upload_s3_urls", editor, **asking)["upload_urls"]


def test_pending_uploads_of_a_user_are_limited(
    call, allowed, circle, person, upload, register, draft, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.max_pending_uploads", 2)
    first = upload(b"one")
    allowed(5)
    asking = {"organization_id": circle["id"], "file_size": 5}
    error = call("resource_upload_s3_urls", person, status=409, **asking)
    assert "2 uploads" in str(error)
    register(draft, first)
    assert allowed(5)["upload_urls"]


def test_an_unreachable_store_is_a_503_that_says_so(app, person, circle, monkeypatch, tx):
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")
    answer = app.post(
        "/api/3/action/resource_upload_s3_urls",
        json={"organization_id": circle["id"], "file_size": 5},
        headers=person.headers,
        status=503,
    )
    assert "object store" in answer.json["error"]["message"]
    assert "127.0.0.1:9" not in answer.body
    assert "Retry-After" not in answer.headers


def test_an_upload_url_reads_nothing(allowed, store, person):
    answer = allowed(5)
    url = answer["upload_urls"][0]
    requests.put(url, data=b"bytes", timeout=30).raise_for_status()
    assert requests.get(url, timeout=30).status_code == 403


def test_a_site_without_object_store_says_so(call, person, circle, monkeypatch):
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "")
    asking = {"organization_id": circle["id"], "file_size": 5}
    error = call("resource_upload_s3_urls", person, status=409, **asking)
    assert "no object store" in str(error["message"])
