"""Publishing is effective at once, in both directions, and leaves other tags alone."""

from __future__ import annotations

import pytest

from dcor_shared.objects.names import ObjectName, object_url
from dcor_shared.objects.publication import is_published, publish, unpublish
from dcor_shared.objects.staging import settle
from dcor_shared.objects.store import delete


@pytest.fixture
def name(store, circle_id, uploader):
    """A settled object."""
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    return uploader.name(resource_id)


def test_everybody_reads_an_object_exactly_while_it_is_published(store, name, anonymous):
    url = object_url(store.settings, name)
    for _ in range(2):
        assert anonymous.get(url).status_code == 403
        assert publish(store, name)
        assert is_published(store, name)
        assert anonymous.get(url).content == b"some bytes"
        assert unpublish(store, name)
        assert not is_published(store, name)
    assert anonymous.get(url).status_code == 403


def test_publishing_twice_is_harmless(store, name):
    assert publish(store, name)
    assert publish(store, name)
    assert unpublish(store, name)
    assert unpublish(store, name)


def test_other_tags_are_kept(store, name):
    where = {"Bucket": name.bucket, "Key": name.key}
    kept = {"Key": "origin", "Value": "figshare"}
    store.client.put_object_tagging(**where, Tagging={"TagSet": [kept]})
    publish(store, name)
    tags = store.client.get_object_tagging(**where)["TagSet"]
    assert {tag["Key"] for tag in tags} == {"origin", "public"}
    unpublish(store, name)
    assert store.client.get_object_tagging(**where)["TagSet"] == [kept]


def test_what_is_not_there_is_not_published(store, name):
    delete(store, name)
    assert publish(store, name) is False
    assert unpublish(store, name) is False
    assert is_published(store, name) is False


def test_a_published_object_can_be_read_and_nothing_else(store, name, anonymous):
    publish(store, name)
    url = object_url(store.settings, name)
    assert anonymous.put(url, data=b"other").status_code == 403
    assert anonymous.delete(url).status_code == 403
    assert anonymous.get(f"{url}?tagging").status_code == 403
    assert anonymous.put(f"{url}?tagging", data=b"").status_code == 403
    assert anonymous.get(url.removesuffix(name.key)).status_code == 403


@pytest.mark.parametrize(
    ("prefix", "status"),
    [("resource", 200), ("condensed", 200), ("preview", 200), ("view", 200), ("upload", 403)],
)
def test_artifacts_can_be_published_and_uploads_cannot(store, name, anonymous, prefix, status):
    target = ObjectName(name.bucket, f"{prefix}/abc/def/0")
    store.client.put_object(Bucket=target.bucket, Key=target.key, Body=b"some bytes")
    publish(store, target)
    assert anonymous.get(object_url(store.settings, target)).status_code == status


def test_ranges_of_a_published_object_can_be_read(store, name, anonymous):
    publish(store, name)
    answer = anonymous.get(object_url(store.settings, name), headers={"Range": "bytes=5-8"})
    assert answer.status_code == 206
    assert answer.content == b"byte"
    assert answer.headers["Content-Range"] == "bytes 5-8/10"
