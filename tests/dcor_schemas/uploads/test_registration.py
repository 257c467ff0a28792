"""An upload becomes a resource: what the server knows of it is there in the same request."""

from __future__ import annotations

import hashlib
import json

import pytest
import requests

from dcor_shared.objects.names import object_url

MD5 = hashlib.md5(b"bytes", usedforsecurity=False).hexdigest()


@pytest.fixture
def registered(draft, upload, register):
    """A registered resource with the content ``bytes``."""
    return register(draft, upload(b"bytes"), "Notes.txt")


def test_what_the_server_knows_is_set_in_the_same_request(
    registered, draft, store, object_of, ckan_site
):
    assert registered["etag"] == MD5
    assert registered["size"] == 5
    assert registered["s3_available"] is True
    assert registered["s3_url"] == object_url(store.settings, object_of(registered["id"]))
    assert registered["url_type"] == "s3_upload"
    assert registered["mimetype"] == "text/plain"
    assert registered["last_modified"]
    place = f"/dataset/{draft['id']}/resource/{registered['id']}/download/notes.txt"
    assert registered["url"] == ckan_site + place
    assert not registered.get("sha256")


def test_measurements_have_their_own_media_type(draft, upload, register):
    assert register(draft, upload(), "a.rtdc")["mimetype"] == "RT-DC"


@pytest.mark.parametrize(
    ("name", "known"), [("a.txt", "TXT"), ("a.csv", "CSV"), ("a.rtdc", ""), ("a.so2", "")]
)
def test_the_format_is_guessed_of_what_nobody_reads(draft, upload, register, name, known):
    assert (register(draft, upload(), name).get("format") or "") == known


def test_it_can_be_seen_at_once(registered, draft, call, person):
    shown = call("package_show", person, id=draft["id"])["resources"][0]
    assert shown["etag"] == MD5


def _nested(draft, new):
    return "package_revise", {"match": {"id": draft["id"]}, "update": {"resources": [new]}}


def _extended(draft, new):
    return "package_revise", {"match__id": draft["id"], "update__resources__extend": [new]}


def _as_form(draft, new):
    extend = json.dumps([new])
    return "package_revise", {"match__id": draft["id"], "update__resources__extend": extend}


def _by_name(draft, new):
    match = {"name": draft["name"]}
    return "package_revise", {"match": match, "update__resources__extend": [new]}


def _full(draft, new):
    return "package_update", draft | {"resources": [new]}


def _patched(draft, new):
    return "package_patch", {"id": draft["id"], "resources": [new]}


def _patched_by_name(draft, new):
    return "package_patch", {"id": draft["name"], "resources": [new]}


def _created(draft, new):
    return "resource_create", {"package_id": draft["id"], **new}


@pytest.mark.parametrize(
    "way",
    [_nested, _extended, _as_form, _by_name, _full, _patched, _patched_by_name, _created],
)
def test_every_way_in_leads_to_the_same(way, app, upload, call, person, draft):
    resource_id = upload(b"bytes")
    action, data = way(draft, {"id": resource_id, "name": "notes.txt"})
    kind = "data" if way is _as_form else "json"
    answer = app.post(f"/api/3/action/{action}", headers=person.headers, **{kind: data})
    assert answer.status_code == 200, answer.body
    (shown,) = call("package_show", person, id=draft["id"])["resources"]
    assert (shown["id"], shown["etag"], shown["size"]) == (resource_id, MD5, 5)
    steps = call("dcor_resource_status", person, id=resource_id)[resource_id]
    assert {step["step"]: step["state"] for step in steps}["hash"] == "pending"


def test_a_batch_is_registered_at_once(upload, call, person, draft):
    new = [{"id": upload(b"%d" % number), "name": f"{number}.txt"} for number in range(4)]
    revised = call(
        "package_revise", person, match={"id": draft["id"]}, update__resources__extend=new
    )
    resources = revised["package"]["resources"]
    assert [resource["id"] for resource in resources] == [one["id"] for one in new]
    expected = [
        hashlib.md5(b"%d" % number, usedforsecurity=False).hexdigest() for number in range(4)
    ]
    assert [resource["etag"] for resource in resources] == expected


def test_a_sysadmin_creates_a_dataset_of_uploads(upload, call, admin, circle):
    resource_id = upload(b"bytes")
    created = call(
        "package_create",
        admin,
        title="All at once",
        authors="Peter Pan",
        license_id="CC0-1.0",
        owner_org=circle["id"],
        resources=[{"id": resource_id, "name": "notes.txt"}],
    )
    (resource,) = created["resources"]
    assert resource["etag"] == MD5
    assert f"/dataset/{created['id']}/resource/{resource_id}/" in resource["url"]
    assert call("dcor_resource_status", admin, id=resource_id)[resource_id]


def test_an_object_that_came_by_other_ways_is_registered_by_sysadmins_only(
    store, object_of, upload, call, admin, person, draft
):
    upload()  # makes the bucket
    resource_id = "0b1c2d3e-0000-4000-8000-000000000001"
    name = object_of(resource_id)
    store.client.put_object(Bucket=name.bucket, Key=name.key, Body=b"bytes")
    new = {"id": resource_id, "name": "notes.txt"}
    change = {"match": {"id": draft["id"]}, "update__resources__extend": [new]}
    error = call("package_revise", person, status=403, **change)
    assert "not available on S3" in error["message"]
    revised = call("package_revise", admin, **change)
    assert revised["package"]["resources"][0]["etag"] == MD5


# What is refused


def test_an_id_without_an_upload_is_refused(draft, register, allowed):
    unknown = "0b1c2d3e-0000-4000-8000-000000000002"
    error = register(draft, unknown, status=403)
    assert "not available on S3" in error["message"]
    error = register(draft, allowed(5)["resource_id"], status=403)
    assert "not available on S3" in error["message"]


def test_a_file_of_another_size_is_refused_until_it_is_complete(draft, allowed, register):
    answer = allowed(5)
    url = answer["upload_urls"][0]
    requests.put(url, data=b"byt", timeout=30)
    error = register(draft, answer["resource_id"], status=409)
    assert "3 bytes" in str(error["resources"][0]["id"])
    assert "5 bytes were announced" in str(error["resources"][0]["id"])
    requests.put(url, data=b"bytes", timeout=30)
    assert register(draft, answer["resource_id"])["etag"] == MD5


def test_an_upload_into_another_circle_is_refused(
    call, person, new_circle, new_draft, upload, register
):
    other = new_circle(person.name)
    elsewhere = new_draft(owner_org=other["id"])
    error = register(elsewhere, upload(), status=403)
    assert "not available on S3" in error["message"]


def test_nobody_registers_in_a_foreign_dataset_and_nothing_is_settled(
    draft, upload, register, new_person, store, object_of
):
    resource_id = upload()
    register(draft, resource_id, whose=new_person(), status=403)
    keys = _keys(store, object_of(resource_id).bucket)
    assert keys == {object_of(resource_id, "upload").key}


@pytest.fixture
def colleague(new_person, call, person, circle):
    """Somebody who may do in the circle what `person` may."""
    colleague = new_person()
    member = {"id": circle["id"], "username": colleague.name, "role": "editor"}
    call("organization_member_create", person, **member)
    return colleague


@pytest.mark.parametrize("others", [0, 1])
def test_only_who_uploaded_a_file_registers_it(
    draft, upload, register, colleague, store, object_of, others
):
    for number in range(others):  # the quick way is taken from the second resource on
        register(draft, upload(), f"other{number}.txt")
    resource_id = upload(b"bytes")
    error = register(draft, resource_id, whose=colleague, status=403)
    assert "was uploaded by somebody else" in error["message"]
    assert object_of(resource_id, "upload").key in _keys(store, object_of(resource_id).bucket)
    assert register(draft, resource_id)["etag"] == MD5


def test_colleagues_do_not_register_foreign_files_by_any_way(draft, upload, call, colleague, app):
    resource_id = upload(b"bytes")
    for way in (_nested, _extended, _by_name, _full, _patched, _patched_by_name, _created):
        action, data = way(draft, {"id": resource_id, "name": "notes.txt"})
        error = call(action, colleague, status=403, **data)
        assert "was uploaded by somebody else" in error["message"]


def test_sysadmins_register_files_of_everybody(draft, upload, register, admin):
    assert register(draft, upload(b"bytes"), whose=admin)["etag"] == MD5


def test_an_id_is_used_once(registered, draft, new_draft, register):
    error = register(draft, registered["id"], "other.txt", status=403)
    assert "already exists" in error["message"]
    error = register(new_draft(), registered["id"], "other.txt", status=403)
    assert "already exists" in error["message"]


def test_a_failed_registration_can_be_repeated(draft, upload, register):
    resource_id = upload(b"bytes")
    register(draft, resource_id, "wrong.docx", status=409)
    assert register(draft, resource_id, "right.txt")["etag"] == MD5


def test_hashes_are_not_taken_from_clients(draft, upload, register):
    error = register(draft, upload(), etag="0" * 32, status=403)
    assert "Regular users may not specify 'etag'" in error["message"]


# What is registered stays


def test_no_url_that_was_handed_out_changes_a_registered_object(
    draft, allowed, register, store, object_of
):
    answer = allowed(5)
    url = answer["upload_urls"][0]
    requests.put(url, data=b"bytes", timeout=30)
    resource = register(draft, answer["resource_id"])
    requests.put(url, data=b"BYTES", timeout=30)
    name = object_of(resource["id"])
    stored = store.client.get_object(Bucket=name.bucket, Key=name.key)
    assert stored["Body"].read() == b"bytes"
    assert stored["ETag"].strip('"') == resource["etag"]


def test_the_staging_object_is_gone(registered, store, object_of):
    assert _keys(store, object_of(registered["id"]).bucket) == {object_of(registered["id"]).key}


def test_what_the_server_owns_survives_an_update_that_omits_it(registered, draft, call, person):
    shown = call("package_show", person, id=draft["id"])
    kept = {"id": registered["id"], "name": registered["name"], "description": "new"}
    call("package_update", person, **shown | {"resources": [kept]})
    (after,) = call("package_show", person, id=draft["id"])["resources"]
    for key in ("etag", "size", "url", "url_type", "mimetype", "s3_available", "s3_url"):
        assert after[key] == registered[key], key
    assert after["description"] == "new"


def test_supplements_are_added_to_a_registered_resource(registered, draft, call, person):
    change = {f"update__resources__{registered['id']}": {"sp:chip:channel width": 21.0}}
    revised = call("package_revise", person, match__id=draft["id"], **change)
    (after,) = revised["package"]["resources"]
    assert after["sp:chip:channel width"] == 21.0
    assert after["etag"] == registered["etag"]


def _keys(store, bucket):
    listed = store.client.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {entry["Key"] for entry in listed}


def test_the_object_of_a_removed_resource_goes_when_ckan_forgets_the_resource(
    registered, draft, call, person, store, object_of, upload, register
):
    call("package_revise", person, match={"id": draft["id"]}, filter=["-resources__0"])
    # the row of a removed resource is kept until the list of resources changes again
    other = register(draft, upload(b"other"), "other.txt")
    assert _keys(store, object_of(other["id"]).bucket) == {object_of(other["id"]).key}
