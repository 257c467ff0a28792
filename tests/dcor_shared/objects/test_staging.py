"""Uploads land on a staging key and are settled."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from dcor_shared.objects import staging
from dcor_shared.objects.errors import (
    ChecksumMismatchError,
    ObjectChangedError,
    SizeMismatchError,
    StagedObjectMissingError,
    UploadTooLargeError,
)
from dcor_shared.objects.multipart import combined_etag, unfinished_uploads
from dcor_shared.objects.settling import claim_name
from dcor_shared.objects.staging import PART_UNIT, abort, begin_upload, find_uploaded, settle
from dcor_shared.objects.store import head, iter_objects, read_range

from .uploads import PART_MIN, complete, md5, put

if TYPE_CHECKING:
    from dcor_shared.objects.store import ObjectStore


def keys(store: ObjectStore, bucket: str) -> list[str]:
    return [item.name.key for item in iter_objects(store, bucket)]


@pytest.mark.parametrize(
    ("size", "count"),
    [(0, 1), (1, 1), (PART_UNIT, 1), (PART_UNIT + 1, 2), (20 * PART_UNIT, 20)],
)
def test_files_above_one_gibibyte_are_uploaded_in_parts(size, count):
    assert staging.part_count(size) == count


def test_a_file_needs_no_more_than_ten_thousand_parts():
    assert staging.part_count(10_000 * PART_UNIT) == 10_000
    with pytest.raises(UploadTooLargeError):
        staging.part_count(10_000 * PART_UNIT + 1)


def test_a_negative_size_is_refused():
    with pytest.raises(ValueError, match="-1"):
        staging.part_count(-1)


def test_small_files_start_no_multipart_upload(store, circle_id, resource_id, uploader):
    urls = begin_upload(store, circle_id, resource_id, 100)
    assert len(urls.urls) == 1
    assert urls.complete_url is None
    assert unfinished_uploads(store, uploader.staged(resource_id).bucket) == []


def test_large_files_get_a_url_per_part_and_one_to_complete(
    store, circle_id, resource_id, uploader
):
    urls = begin_upload(store, circle_id, resource_id, PART_UNIT + 1)
    assert len(urls.urls) == 2
    chunks = [os.urandom(PART_MIN), b"rest"]
    for url, chunk in zip(urls.urls, chunks, strict=True):
        assert put(url, chunk).status_code == 200
    assert complete(urls.complete_url, [md5(chunk) for chunk in chunks]).status_code == 200
    assert head(store, uploader.staged(resource_id)).size == PART_MIN + 4


def test_completing_twice_is_harmless(store, resource_id, uploader):
    chunks = [os.urandom(PART_MIN), os.urandom(PART_MIN)]
    parts = uploader.upload_parts(resource_id, chunks)
    again = complete(parts.complete_url, [md5(chunk) for chunk in chunks])
    assert "<error>" not in again.text.lower()
    assert head(store, uploader.staged(resource_id)).size == 2 * PART_MIN


@pytest.mark.parametrize("data", [b"", b"some bytes", os.urandom(3 * 2**20)])
def test_settling_moves_the_bytes_and_keeps_the_etag(store, circle_id, uploader, data):
    resource_id, _ = uploader.upload(data)
    found = settle(store, circle_id, resource_id, expected_size=len(data))
    name = uploader.name(resource_id)
    assert (found.size, found.etag) == (len(data), md5(data))
    assert read_range(store, name, 0, len(data), found.etag) == data
    assert keys(store, name.bucket) == [name.key]


def test_settling_keeps_the_etag_of_a_multipart_upload(store, circle_id, resource_id, uploader):
    data = os.urandom(2 * PART_MIN + 1001)
    third = -(-len(data) // 2)
    chunks = [data[:third], data[third:]]
    uploader.upload_parts(resource_id, chunks)
    found = settle(store, circle_id, resource_id, expected_size=len(data))
    name = uploader.name(resource_id)
    assert found.etag == combined_etag([md5(chunk) for chunk in chunks])
    assert found == head(store, name)
    assert read_range(store, name, 0, len(data)) == data
    assert keys(store, name.bucket) == [name.key]
    assert unfinished_uploads(store, name.bucket) == []


def test_parts_that_were_not_cut_as_agreed_are_refused(store, circle_id, resource_id, uploader):
    uploader.upload_parts(resource_id, [os.urandom(PART_MIN + 9), os.urandom(PART_MIN)])
    with pytest.raises(ChecksumMismatchError, match="equal lengths"):
        settle(store, circle_id, resource_id)
    name = uploader.name(resource_id)
    assert head(store, name) is None
    assert unfinished_uploads(store, name.bucket) == []


def test_settling_twice_is_harmless(store, circle_id, uploader):
    resource_id, _ = uploader.upload(b"some bytes")
    assert settle(store, circle_id, resource_id) == settle(store, circle_id, resource_id)


def test_settling_without_an_upload_says_so(store, circle_id, resource_id):
    with pytest.raises(StagedObjectMissingError):
        settle(store, circle_id, resource_id)


def test_an_upload_of_another_size_is_not_settled(store, circle_id, uploader):
    resource_id, _ = uploader.upload(b"some bytes")
    with pytest.raises(SizeMismatchError, match="10 bytes, but 11"):
        settle(store, circle_id, resource_id, expected_size=11)
    assert find_uploaded(store, circle_id, resource_id)[1] is False


def test_processes_that_settle_at_once_agree(store, circle_id, uploader):
    data = os.urandom(100_000)
    resource_id, _ = uploader.upload(data)
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(settle, store, circle_id, resource_id) for _ in range(6)]
        assert {job.result().etag for job in jobs} == {md5(data)}
    name = uploader.name(resource_id)
    assert keys(store, name.bucket) == [name.key]


def test_what_is_being_settled_cannot_be_replaced(store, circle_id, uploader):
    resource_id, url = uploader.upload(b"what was claimed")
    claim = claim_name(uploader.staged(resource_id))
    store.client.put_object(Bucket=claim.bucket, Key=claim.key, Body=md5(b"what was claimed"))
    put(url, b"something else")
    with pytest.raises(ObjectChangedError):
        settle(store, circle_id, resource_id)
    assert head(store, uploader.name(resource_id)) is None
    put(url, b"what was claimed")
    assert settle(store, circle_id, resource_id).etag == md5(b"what was claimed")


def test_what_is_being_settled_cannot_be_cancelled_for_something_else(store, circle_id, uploader):
    resource_id, url = uploader.upload(b"what was claimed")
    claim = claim_name(uploader.staged(resource_id))
    store.client.put_object(Bucket=claim.bucket, Key=claim.key, Body=md5(b"what was claimed"))
    abort(store, circle_id, resource_id)
    put(url, b"something else")
    with pytest.raises(ObjectChangedError):
        settle(store, circle_id, resource_id)


def test_only_what_was_registered_is_settled(store, circle_id, uploader):
    resource_id, url = uploader.upload(b"registered")
    put(url, b"REGISTERED")
    with pytest.raises(ObjectChangedError):
        settle(store, circle_id, resource_id, expected_etag=md5(b"registered"))
    assert head(store, uploader.name(resource_id)) is None
    put(url, b"registered")
    found = settle(store, circle_id, resource_id, expected_etag=md5(b"registered"))
    assert found.etag == md5(b"registered")


def test_an_interrupted_settling_is_finished_by_the_next_one(store, circle_id, uploader):
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    staged = uploader.staged(resource_id)
    store.client.put_object(Bucket=staged.bucket, Key=staged.key, Body=b"some bytes")
    settle(store, circle_id, resource_id)
    assert head(store, staged) is None


def test_an_upload_is_found_before_and_after_it_was_settled(store, circle_id, uploader):
    resource_id, _ = uploader.upload(b"some bytes")
    before, settled = find_uploaded(store, circle_id, resource_id)
    assert not settled
    settle(store, circle_id, resource_id)
    after, settled = find_uploaded(store, circle_id, resource_id)
    assert settled
    assert before.etag == after.etag


def test_nothing_is_found_where_nothing_was_uploaded(store, circle_id, resource_id):
    assert find_uploaded(store, circle_id, resource_id) is None


def test_aborting_removes_what_was_uploaded(store, circle_id, uploader, resource_id):
    uploader.upload(b"some bytes", resource_id)
    uploader.begin_parts(resource_id, 2)
    abort(store, circle_id, resource_id)
    bucket = uploader.staged(resource_id).bucket
    assert keys(store, bucket) == []
    assert unfinished_uploads(store, bucket) == []
