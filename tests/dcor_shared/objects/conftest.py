"""Fixtures for the object store.

Usually the test services provide the store. With ``DCOR_TEST_S3`` naming a JSON file (keys like
the fields of ``StoreSettings``) the same tests run against any other store.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from dcor_shared.objects.multipart import abort_upload, unfinished_uploads
from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.store import ObjectStore, delete, iter_objects, open_store

from .uploads import Uploader

if TYPE_CHECKING:
    from collections.abc import Iterator

if _given := os.environ.get("DCOR_TEST_S3"):

    @pytest.fixture
    def store_settings() -> Iterator[StoreSettings]:
        """The given store, with bucket names of this test alone."""
        prefix = f"test-{uuid.uuid4().hex[:8]}"
        known = json.loads(Path(_given).read_text(encoding="utf-8"))
        settings = StoreSettings(
            bucket_name=prefix + "-{organization_id}", site_url="http://127.0.0.1:5000", **known
        )
        yield settings
        _remove_buckets(open_store(settings), prefix)


@pytest.fixture
def resource_id() -> str:
    """Identifier of a resource that no other test knows."""
    return str(uuid.uuid4())


@pytest.fixture
def uploader(store: ObjectStore, circle_id: str) -> Uploader:
    """Somebody who uploads to a circle like clients do."""
    return Uploader(store, circle_id)


@pytest.fixture
def anonymous() -> Iterator[requests.Session]:
    """Somebody without any keys."""
    with requests.Session() as session:
        yield session


def _remove_buckets(store: ObjectStore, prefix: str) -> None:
    for bucket in store.client.list_buckets()["Buckets"]:
        if bucket["Name"].startswith(prefix):
            for item in iter_objects(store, bucket["Name"]):
                delete(store, item.name)
            for upload in unfinished_uploads(store, bucket["Name"]):
                abort_upload(store, bucket["Name"], upload["Key"], upload["UploadId"])
            store.client.delete_bucket(Bucket=bucket["Name"])
