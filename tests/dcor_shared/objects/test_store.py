"""Single objects: looked at, read, listed, deleted; definite answers only."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.errors import (
    ObjectChangedError,
    ObjectMissingError,
    StoreRefusedError,
    StoreUnavailableError,
)
from dcor_shared.objects.names import ObjectName
from dcor_shared.objects.store import (
    ObjectStore,
    delete,
    head,
    iter_objects,
    open_store,
    read_range,
    require,
)

from .uploads import md5


@pytest.fixture
def bucket(store, circle_id):
    """A bucket with its rules."""
    return ensure_bucket(store, circle_id)


@pytest.fixture
def name(store, bucket):
    """An object of ten bytes."""
    name = ObjectName(bucket, "resource/abc/def/0")
    store.client.put_object(
        Bucket=name.bucket,
        Key=name.key,
        Body=b"0123456789",
        ContentType="application/x-hdf5",
        Metadata={"step": "3"},
    )
    return name


def test_an_object_is_described(store, name):
    found = require(store, name)
    assert (found.size, found.etag) == (10, md5(b"0123456789"))
    assert found.content_type == "application/x-hdf5"
    assert found.metadata == {"step": "3"}


def test_a_missing_object_or_bucket_is_missing(store, bucket):
    assert head(store, ObjectName(bucket, "resource/none")) is None
    assert head(store, ObjectName(f"{bucket}-none", "resource/none")) is None
    with pytest.raises(ObjectMissingError):
        require(store, ObjectName(bucket, "resource/none"))


def test_a_store_that_refuses_us_gives_no_answer(store, name):
    stranger = ObjectStore(replace(store.settings, secret_access_key="wrong"))
    with pytest.raises(StoreRefusedError):
        head(stranger, name)


def test_a_store_that_is_not_there_gives_no_answer(store, name):
    nowhere = ObjectStore(replace(store.settings, endpoint_url="http://127.0.0.1:9"))
    with pytest.raises(StoreUnavailableError):
        head(nowhere, name)


def test_ranges_are_read(store, name):
    assert read_range(store, name, 2, 5) == b"234"
    assert read_range(store, name, 8, 100) == b"89"
    assert read_range(store, name, 5, 5) == b""


def test_a_range_is_read_from_the_expected_object_only(store, name):
    assert read_range(store, name, 0, 1, md5(b"0123456789")) == b"0"
    with pytest.raises(ObjectChangedError):
        read_range(store, name, 0, 1, md5(b"other"))


def test_deleting_twice_is_harmless(store, name):
    delete(store, name)
    delete(store, name)
    delete(store, ObjectName(f"{name.bucket}-none", "a"))
    assert head(store, name) is None


def test_objects_are_listed_by_prefix(store, name):
    listed = list(iter_objects(store, name.bucket, "resource/"))
    assert [(item.name, item.size) for item in listed] == [(name, 10)]
    assert list(iter_objects(store, name.bucket, "preview/")) == []
    assert list(iter_objects(store, f"{name.bucket}-none")) == []


def test_stores_with_the_same_settings_share_their_client(store):
    again = open_store(replace(store.settings))
    assert again.client is store.client
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: again.client, range(8))) == {store.client}


def test_a_forked_process_has_its_own_client(store, name):
    ours = store.client
    pid = os.fork()
    if pid == 0:
        is_fine = store.client is not ours and require(store, name).size == 10
        os._exit(0 if is_fine else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert store.client is ours


def test_secrets_are_not_shown(store):
    assert store.settings.secret_access_key not in repr(store)
    assert store.settings.upload_secret_access_key not in repr(store)
