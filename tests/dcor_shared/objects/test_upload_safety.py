"""What somebody with an upload URL in hand cannot do.

Some stores let the holder of a presigned URL add headers that were not signed.
"""

from __future__ import annotations

import os

import pytest

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.names import object_url
from dcor_shared.objects.publication import is_published, publish
from dcor_shared.objects.staging import begin_upload, settle
from dcor_shared.objects.store import head, read_range

from .uploads import PART_MIN, complete, md5, put

SECRET = b"unpublished measurement of somebody else"

PUBLISHING = {
    "tag": {"x-amz-tagging": "public=true"},
    "tag among others": {"x-amz-tagging": "a=b&public=true"},
    "acl public-read": {"x-amz-acl": "public-read"},
    "acl public-read-write": {"x-amz-acl": "public-read-write"},
    "acl authenticated-read": {"x-amz-acl": "authenticated-read"},
    "grant": {"x-amz-grant-read": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'},
    "full grant": {
        "x-amz-grant-full-control": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
    },
}


@pytest.fixture(params=["staged", "staged in parts", "settled", "published"])
def secret(request, store, uploader, circle_id):
    """Key of somebody else's object."""
    resource_id, _ = uploader.upload(SECRET)
    if request.param == "staged":
        return uploader.staged(resource_id)
    if request.param == "staged in parts":
        uploader.upload_parts(resource_id, [SECRET])
        return uploader.staged(resource_id)
    settle(store, circle_id, resource_id)
    if request.param == "published":
        publish(store, uploader.name(resource_id))
    return uploader.name(resource_id)


@pytest.fixture(params=["put", "part"])
def upload_url(request, store, uploader, circle_id, resource_id):
    """A URL for uploading, as it is handed out."""
    if request.param == "put":
        return begin_upload(store, circle_id, resource_id, 10).urls[0]
    return uploader.begin_parts(resource_id, 1).urls[0]


def test_other_objects_cannot_be_copied(store, uploader, resource_id, upload_url, secret):
    answer = put(upload_url, headers={"x-amz-copy-source": f"/{secret.bucket}/{secret.key}"})
    assert answer.status_code == 403
    assert md5(SECRET) not in answer.text
    assert head(store, uploader.staged(resource_id)) is None


def test_objects_of_other_circles_cannot_be_copied(store, uploader, resource_id, upload_url):
    bucket = ensure_bucket(store, "11111111-1111-1111-1111-111111111111")
    store.client.put_object(Bucket=bucket, Key="resource/aaa/bbb/c", Body=SECRET)
    answer = put(upload_url, headers={"x-amz-copy-source": f"/{bucket}/resource/aaa/bbb/c"})
    assert answer.status_code == 403
    assert head(store, uploader.staged(resource_id)) is None


@pytest.mark.parametrize("headers", PUBLISHING.values(), ids=PUBLISHING)
def test_nothing_becomes_public(uploader, resource_id, anonymous, upload_url, headers):
    store = uploader.store
    put(upload_url, b"some bytes", headers=headers)
    staged = uploader.staged(resource_id)
    assert anonymous.get(object_url(store.settings, staged)).status_code == 403
    put(upload_url, b"some bytes")
    if head(store, staged) is not None:
        settle(store, uploader.circle_id, resource_id)
    name = uploader.name(resource_id)
    assert anonymous.get(object_url(store.settings, name)).status_code in {403, 404}
    assert not is_published(store, name)


@pytest.mark.parametrize("headers", PUBLISHING.values(), ids=PUBLISHING)
def test_completing_publishes_nothing(uploader, resource_id, anonymous, headers):
    store = uploader.store
    parts = uploader.begin_parts(resource_id, 1)
    put(parts.urls[0], SECRET)
    complete(parts.complete_url, [md5(SECRET)], headers=headers)
    staged = uploader.staged(resource_id)
    assert anonymous.get(object_url(store.settings, staged)).status_code == 403
    settle(store, uploader.circle_id, resource_id)
    name = uploader.name(resource_id)
    assert anonymous.get(object_url(store.settings, name)).status_code == 403
    assert not is_published(store, name)


def test_tags_types_and_metadata_of_the_uploader_do_not_reach_readers(
    store, circle_id, uploader, resource_id
):
    (url,) = begin_upload(store, circle_id, resource_id, 10).urls
    headers = {
        "x-amz-tagging": "a=b",
        "x-amz-meta-script": "evil",
        "Content-Type": "text/html",
        "Content-Disposition": "inline",
    }
    assert put(url, b"<script>", headers=headers).status_code == 200
    found = settle(store, circle_id, resource_id)
    name = uploader.name(resource_id)
    assert found.content_type == "application/octet-stream"
    assert dict(found.metadata) == {}
    answer = store.client.head_object(Bucket=name.bucket, Key=name.key)
    assert "ContentDisposition" not in answer
    tags = store.client.get_object_tagging(Bucket=name.bucket, Key=name.key)
    assert tags.get("TagSet", []) == []


@pytest.mark.parametrize("is_public", [False, True])
def test_a_url_that_was_handed_out_changes_nothing_after_settling(
    store, circle_id, uploader, is_public, anonymous
):
    resource_id, url = uploader.upload(b"registered")
    before = settle(store, circle_id, resource_id)
    name = uploader.name(resource_id)
    if is_public:
        publish(store, name)
    put(url, b"replaced!!")
    assert head(store, name) == before
    assert settle(store, circle_id, resource_id) == before
    assert read_range(store, name, 0, 10) == b"registered"
    if is_public:
        assert anonymous.get(object_url(store.settings, name)).content == b"registered"


def test_urls_of_a_multipart_upload_change_nothing_after_settling(
    store, circle_id, resource_id, uploader
):
    chunks = [os.urandom(PART_MIN), os.urandom(PART_MIN)]
    parts = uploader.upload_parts(resource_id, chunks)
    before = settle(store, circle_id, resource_id)
    other = os.urandom(PART_MIN)
    for url in parts.urls:
        put(url, other)
    complete(parts.complete_url, [md5(other)] * 2)
    assert settle(store, circle_id, resource_id) == before
    assert head(store, uploader.name(resource_id)) == before


def test_an_upload_url_serves_no_other_key(store, uploader, circle_id, resource_id):
    victim, _ = uploader.upload(b"registered")
    before = settle(store, circle_id, victim)
    (url,) = begin_upload(store, circle_id, resource_id, 10).urls
    staged, target = uploader.staged(resource_id).key, uploader.name(victim).key
    assert put(url.replace(staged, target), b"replaced!!").status_code == 403
    assert head(store, uploader.name(victim)) == before


@pytest.mark.parametrize("query", ["tagging", "acl", "uploads", "partNumber=1"])
def test_an_upload_url_serves_no_other_request(store, circle_id, resource_id, query):
    (url,) = begin_upload(store, circle_id, resource_id, 10).urls
    assert put(f"{url}&{query}", b"some bytes").status_code == 403


def test_the_upload_user_can_only_put_to_staging_keys(store, uploader, circle_id):
    resource_id, _ = uploader.upload(b"some bytes")
    staged, client = uploader.staged(resource_id), store.upload_client
    where = {"Bucket": staged.bucket, "Key": staged.key}
    tagging = {"TagSet": [{"Key": "public", "Value": "true"}]}
    forbidden = [
        lambda: client.get_object(**where),
        lambda: client.head_object(**where),
        lambda: client.get_object_tagging(**where),
        lambda: client.put_object_tagging(**where, Tagging=tagging),
        lambda: client.get_object_acl(**where),
        lambda: client.put_object_acl(**where, ACL="public-read"),
        lambda: client.delete_object(**where),
        lambda: client.list_objects_v2(Bucket=staged.bucket),
        lambda: client.list_multipart_uploads(Bucket=staged.bucket),
        lambda: client.get_bucket_policy(Bucket=staged.bucket),
        lambda: client.put_bucket_policy(Bucket=staged.bucket, Policy="{}"),
        lambda: client.put_object(Bucket=staged.bucket, Key="resource/aaa/bbb/c", Body=b"x"),
        lambda: client.put_object(Bucket=staged.bucket, Key="condensed/aaa/bbb/c", Body=b"x"),
    ]
    for request in forbidden:
        with pytest.raises(client.exceptions.ClientError) as caught:
            request()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
