"""Whole files: downloaded with their hash, stored at once or not at all, deleted completely."""

from __future__ import annotations

import hashlib

import pytest

from dcor_shared.objects import transfer, upload
from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.errors import (
    ChecksumMismatchError,
    ObjectChangedError,
    ObjectMissingError,
)
from dcor_shared.objects.multipart import combined_etag, part_length, unfinished_uploads
from dcor_shared.objects.publication import is_published, publish
from dcor_shared.objects.staging import settle
from dcor_shared.objects.store import head, iter_objects, read_range
from dcor_shared.objects.transfer import delete_artifacts, download, put_artifact

from .uploads import PART_MIN, md5, some_bytes

MIB = 2**20


@pytest.fixture
def target(store, circle_id, uploader, resource_id):
    """Key of a condensed file."""
    ensure_bucket(store, circle_id)
    return uploader.name(resource_id, "condensed")


@pytest.fixture
def make_file(tmp_path):
    """Writes random bytes to a file."""

    def make(size: int, seed: int = 1):
        path = tmp_path / f"{size}-{seed}"
        path.write_bytes(some_bytes(size, seed))
        return path

    return make


@pytest.mark.parametrize("size", [0, 1, 16 * MIB, 70 * MIB + 3])
def test_a_download_has_the_bytes_and_their_hash(store, circle_id, uploader, tmp_path, size):
    data = some_bytes(size)
    resource_id, _ = uploader.upload(data)
    etag = settle(store, circle_id, resource_id).etag
    found = download(store, uploader.name(resource_id), tmp_path / "file", expected_etag=etag)
    assert (tmp_path / "file").read_bytes() == data
    assert (found.size, found.etag) == (size, etag)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_a_download_of_a_multipart_upload_is_compared_part_by_part(
    store, circle_id, uploader, resource_id, tmp_path
):
    data = some_bytes(3 * PART_MIN + 4)
    length = -(-len(data) // 3)
    chunks = [data[at : at + length] for at in range(0, len(data), length)]
    uploader.upload_parts(resource_id, chunks)
    etag = settle(store, circle_id, resource_id).etag
    found = download(store, uploader.name(resource_id), tmp_path / "file", expected_etag=etag)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_damaged_bytes_are_noticed(store, circle_id, uploader, tmp_path, monkeypatch):
    resource_id, _ = uploader.upload(some_bytes(1000))
    etag = settle(store, circle_id, resource_id).etag
    monkeypatch.setattr(transfer, "read_range", lambda *_: some_bytes(1000, seed=2))
    with pytest.raises(ChecksumMismatchError):
        download(store, uploader.name(resource_id), tmp_path / "file", expected_etag=etag)


def test_another_object_is_not_downloaded(store, circle_id, uploader, tmp_path):
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    with pytest.raises(ObjectChangedError):
        download(store, uploader.name(resource_id), tmp_path / "file", expected_etag=md5(b"x"))


def test_an_object_that_vanished_is_not_downloaded(store, target, tmp_path):
    with pytest.raises(ObjectMissingError):
        download(store, target, tmp_path / "file", expected_etag="")


@pytest.mark.parametrize("size", [0, 1, 9 * MIB])
def test_an_artifact_is_stored_with_type_and_metadata(store, target, make_file, size):
    path = make_file(size)
    stored = put_artifact(store, target, path, "image/webp", {"step-version": "2"})
    assert stored == head(store, target)
    assert (stored.size, stored.etag) == (size, md5(path.read_bytes()))
    assert stored.content_type == "image/webp"
    assert stored.metadata == {"step-version": "2"}


def test_a_large_artifact_is_stored_in_equal_parts(store, target, make_file, monkeypatch):
    monkeypatch.setattr(upload, "SINGLE_PUT_MAX", MIB)
    monkeypatch.setattr(upload, "PART_SIZE", PART_MIN + MIB)
    path = make_file(3 * PART_MIN + 100)
    data = path.read_bytes()
    stored = put_artifact(store, target, path, "application/x-hdf5", {"source": "abc"})
    length = part_length(len(data), 3)
    parts = [data[at : at + length] for at in range(0, len(data), length)]
    assert stored.etag == combined_etag([md5(part) for part in parts])
    assert stored.metadata == {"source": "abc"}
    download(store, target, path.with_suffix(".copy"), expected_etag=stored.etag)
    assert path.with_suffix(".copy").read_bytes() == data


def test_a_failed_upload_leaves_nothing_behind(store, target, make_file, monkeypatch):
    monkeypatch.setattr(upload, "SINGLE_PUT_MAX", MIB)
    monkeypatch.setattr(upload, "PART_SIZE", PART_MIN)

    def fail(*_):
        raise RuntimeError("the worker was stopped")

    monkeypatch.setattr(upload, "complete_upload", fail)
    with pytest.raises(RuntimeError):
        put_artifact(store, target, make_file(2 * PART_MIN), "application/x-hdf5", {})
    assert head(store, target) is None
    assert unfinished_uploads(store, target.bucket) == []


def test_storing_the_same_twice_leaves_it_published(store, target, make_file):
    path = make_file(1000)
    first = put_artifact(store, target, path, "image/webp", {"step-version": "2"})
    publish(store, target)
    assert put_artifact(store, target, path, "image/webp", {"step-version": "2"}) == first
    assert is_published(store, target)


def test_a_new_artifact_replaces_the_old_one_and_is_private(store, target, make_file):
    put_artifact(store, target, make_file(1000), "image/webp", {"step-version": "2"})
    publish(store, target)
    other = make_file(1000, seed=2)
    put_artifact(store, target, other, "image/webp", {"step-version": "3"})
    assert read_range(store, target, 0, 1000) == other.read_bytes()
    assert not is_published(store, target)
    assert [item.name for item in iter_objects(store, target.bucket)] == [target]


def test_everything_of_a_resource_is_deleted(store, circle_id, uploader, make_file):
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    for artifact in ("condensed", "preview", "view"):
        put_artifact(store, uploader.name(resource_id, artifact), make_file(10), "a/b", {})
    uploader.upload(b"late", resource_id)
    uploader.begin_parts(resource_id, 2)
    neighbour, _ = uploader.upload(b"of somebody else")
    delete_artifacts(store, circle_id, resource_id)
    bucket = uploader.name(resource_id).bucket
    assert [item.name for item in iter_objects(store, bucket)] == [uploader.staged(neighbour)]
    assert unfinished_uploads(store, bucket) == []
    delete_artifacts(store, circle_id, resource_id)
