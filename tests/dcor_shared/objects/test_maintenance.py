"""What nobody finished is removed when it is old enough."""

from __future__ import annotations

import pytest

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.maintenance import (
    Pruned,
    iter_buckets,
    prune_multipart_uploads,
    prune_staged,
)
from dcor_shared.objects.multipart import unfinished_uploads
from dcor_shared.objects.store import head


@pytest.fixture
def backup(store, circle_id):
    """A bucket that begins like those of circles and is none."""
    name = store.settings.bucket_name.format(organization_id="backup")
    store.client.create_bucket(Bucket=name)
    return name


def test_buckets_of_circles_are_told_from_others(store, circle_id, backup):
    bucket = ensure_bucket(store, circle_id)
    assert list(iter_buckets(store)) == [bucket]
    assert set(iter_buckets(store, for_circles_only=False)) == {bucket, backup}


def test_young_uploads_are_ignored(store, uploader, resource_id):
    uploader.begin_parts(resource_id, 2)
    bucket = uploader.staged(resource_id).bucket
    assert prune_multipart_uploads(store)[bucket] == Pruned(found=0, ignored=1)
    assert len(unfinished_uploads(store, bucket)) == 1


def test_a_dry_run_aborts_nothing(store, uploader, resource_id):
    uploader.begin_parts(resource_id, 2)
    bucket = uploader.staged(resource_id).bucket
    pruned = prune_multipart_uploads(store, older_than_days=-1, dry_run=True)
    assert pruned[bucket] == Pruned(found=1, ignored=0)
    assert len(unfinished_uploads(store, bucket)) == 1


def test_old_uploads_are_aborted(store, uploader, resource_id):
    uploader.begin_parts(resource_id, 2)
    uploader.begin_parts(resource_id, 2)
    bucket = uploader.staged(resource_id).bucket
    assert prune_multipart_uploads(store, older_than_days=-1)[bucket] == Pruned(2, 0)
    assert unfinished_uploads(store, bucket) == []
    assert prune_multipart_uploads(store, older_than_days=-1)[bucket] == Pruned(0, 0)


def test_forgotten_uploads_are_deleted_and_young_ones_kept(store, uploader):
    resource_id, _ = uploader.upload(b"some bytes")
    staged = uploader.staged(resource_id)
    assert prune_staged(store)[staged.bucket] == Pruned(found=0, ignored=1)
    assert prune_staged(store, older_than_days=-1, dry_run=True)[staged.bucket] == Pruned(1, 0)
    assert head(store, staged) is not None
    assert prune_staged(store, older_than_days=-1)[staged.bucket] == Pruned(1, 0)
    assert head(store, staged) is None
