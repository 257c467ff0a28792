"""An upload goes on from what the store has of it."""

from __future__ import annotations

import os

import pytest

from dcor_shared.objects import staging
from dcor_shared.objects.multipart import combined_etag, unfinished_uploads
from dcor_shared.objects.resuming import UploadedPart, continue_upload
from dcor_shared.objects.staging import abort, begin_upload, settle

from .uploads import PART_MIN, complete, md5, put

LENGTH = PART_MIN + 5


@pytest.fixture
def two_parts(monkeypatch):
    """Content of a file that is cut in two, each as large as stores want parts to be."""
    monkeypatch.setattr(staging, "PART_UNIT", LENGTH)
    return [os.urandom(LENGTH), os.urandom(LENGTH)]


def test_parts_that_have_arrived_need_no_url(store, circle_id, resource_id, two_parts):
    begun = begin_upload(store, circle_id, resource_id, 2 * LENGTH)
    put(begun.urls[0], two_parts[0])
    found = continue_upload(store, circle_id, resource_id, 2 * LENGTH)
    assert found.parts == (UploadedPart(1, LENGTH, md5(two_parts[0])),)
    assert found.urls[0] is None
    assert found.urls[1]
    assert found.etag is None


def test_the_rest_completes_the_upload(store, circle_id, resource_id, two_parts):
    put(begin_upload(store, circle_id, resource_id, 2 * LENGTH).urls[0], two_parts[0])
    found = continue_upload(store, circle_id, resource_id, 2 * LENGTH)
    put(found.urls[1], two_parts[1])
    etags = [md5(part) for part in two_parts]
    complete(found.complete_url, etags)
    done = continue_upload(store, circle_id, resource_id, 2 * LENGTH)
    assert done.etag == combined_etag(etags)
    assert done.urls == (None, None)
    assert done.complete_url is None
    assert settle(store, circle_id, resource_id, 2 * LENGTH).etag == combined_etag(etags)


def test_a_part_of_another_length_is_asked_for_again(store, circle_id, resource_id, two_parts):
    put(begin_upload(store, circle_id, resource_id, 2 * LENGTH).urls[0], b"too short")
    found = continue_upload(store, circle_id, resource_id, 2 * LENGTH)
    assert found.parts == ()
    assert all(found.urls)


def test_continuing_starts_no_second_upload(store, circle_id, resource_id, uploader, two_parts):
    begin_upload(store, circle_id, resource_id, 2 * LENGTH)
    continue_upload(store, circle_id, resource_id, 2 * LENGTH)
    assert len(unfinished_uploads(store, uploader.staged(resource_id).bucket)) == 1


def test_an_upload_whose_parts_are_gone_begins_anew(store, circle_id, resource_id, two_parts):
    put(begin_upload(store, circle_id, resource_id, 2 * LENGTH).urls[0], two_parts[0])
    abort(store, circle_id, resource_id)
    found = continue_upload(store, circle_id, resource_id, 2 * LENGTH)
    assert found.parts == ()
    assert all(found.urls)
    assert found.complete_url


def test_a_small_file_gets_a_new_url_until_it_is_there(store, circle_id, resource_id):
    begin_upload(store, circle_id, resource_id, 5)
    (url,) = continue_upload(store, circle_id, resource_id, 5).urls
    put(url, b"bytes")
    found = continue_upload(store, circle_id, resource_id, 5)
    assert found.urls == (None,)
    assert found.etag == md5(b"bytes")


def test_a_settled_object_counts_as_uploaded(store, circle_id, resource_id):
    put(begin_upload(store, circle_id, resource_id, 5).urls[0], b"bytes")
    settle(store, circle_id, resource_id, 5)
    assert continue_upload(store, circle_id, resource_id, 5).etag == md5(b"bytes")
