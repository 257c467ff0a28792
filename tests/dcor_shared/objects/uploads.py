"""Somebody who uploads files by presigned URLs, honestly or not."""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.names import STAGING, ObjectName, object_name
from dcor_shared.objects.presign import presign_complete, presign_part
from dcor_shared.objects.staging import begin_upload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_shared.objects.store import ObjectStore

#: Smallest part that a store accepts, except for the last one [bytes].
PART_MIN = 5 * 2**20


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def some_bytes(size: int, seed: int = 1) -> bytes:
    """Bytes that look random and are the same every time."""
    return random.Random(seed).randbytes(size)  # noqa: S311


def put(url: str, data: bytes = b"", headers: Mapping[str, str] | None = None) -> requests.Response:
    """PUT as clients do it: without any header of their own."""
    return requests.put(url, data=data, headers=headers, timeout=30)


def complete(
    url: str, etags: list[str], headers: Mapping[str, str] | None = None
) -> requests.Response:
    """Complete a multipart upload with the XML that DCOR-Aid sends."""
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number, etag in enumerate(etags, 1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
    return requests.post(url, data=body, headers=headers, timeout=30)


@dataclass(frozen=True)
class Parts:
    """URLs of a multipart upload that may be small."""

    urls: list[str]
    complete_url: str


@dataclass(frozen=True)
class Uploader:
    """Uploads to one circle."""

    store: ObjectStore
    circle_id: str

    def name(self, resource_id: str, prefix: str = "resource") -> ObjectName:
        """Bucket and key of something of a resource."""
        return object_name(self.store.settings, self.circle_id, resource_id, prefix)

    def staged(self, resource_id: str) -> ObjectName:
        """Bucket and key of the staged upload."""
        return self.name(resource_id, STAGING)

    def upload(self, data: bytes, resource_id: str | None = None) -> tuple[str, str]:
        """Upload in one request; the resource's identifier and the URL."""
        resource_id = resource_id or str(uuid.uuid4())
        (url,) = begin_upload(self.store, self.circle_id, resource_id, len(data)).urls
        assert put(url, data).status_code == 200
        return resource_id, url

    def begin_parts(self, resource_id: str, count: int) -> Parts:
        """URLs for `count` parts; real ones are given only above 1 GiB."""
        ensure_bucket(self.store, self.circle_id)
        name = self.staged(resource_id)
        upload = self.store.client.create_multipart_upload(Bucket=name.bucket, Key=name.key)
        return Parts(
            [
                presign_part(self.store, name, upload["UploadId"], number)
                for number in range(1, count + 1)
            ],
            presign_complete(self.store, name, upload["UploadId"]),
        )

    def upload_parts(self, resource_id: str, chunks: list[bytes]) -> Parts:
        """Upload `chunks` as the parts of one object."""
        parts = self.begin_parts(resource_id, len(chunks))
        for url, chunk in zip(parts.urls, chunks, strict=True):
            assert put(url, chunk).headers["ETag"].strip('"') == md5(chunk)
        assert complete(parts.complete_url, [md5(chunk) for chunk in chunks]).status_code == 200
        return parts
