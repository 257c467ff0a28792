"""Putting artifacts: each appears at its key whole or not at all."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_shared.objects.errors import ChecksumMismatchError, store_errors
from dcor_shared.objects.multipart import (
    ETagHash,
    combined_etag,
    complete_upload,
    multipart_upload,
    part_length,
)
from dcor_shared.objects.store import head, require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader
    from pathlib import Path

    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore, StoredObject

#: Files up to this size [bytes] are put in one request.
SINGLE_PUT_MAX = 2**30
#: Most bytes of one part of a larger file; 10 000 of them are enough for any artifact.
PART_SIZE = 128 * 2**20


def put_artifact(
    store: ObjectStore,
    name: ObjectName,
    path: Path,
    content_type: str,
    metadata: Mapping[str, str],
) -> StoredObject:
    """Store a file as an artifact; doing so twice is harmless.

    A PUT, like the completion of a multipart upload, is atomic: readers get the old object, or
    none, until the new one is complete. An object that has these bytes, type and metadata
    already is left alone, so that it stays published; a replaced one is private.

    Parameters
    ----------
    name
        Key of the artifact.
    path
        The file; not changed meanwhile.
    content_type
        Media type.
    metadata
        ASCII values such as the step's version and the source's ETag.

    Raises
    ------
    ChecksumMismatchError
        If the bytes were damaged on their way.
    """
    artifact = _Artifact(store, name, content_type, dict(metadata))
    size = path.stat().st_size
    with path.open("rb") as file:
        if size > SINGLE_PUT_MAX:
            return _put_parts(artifact, file, size)
        return _put_whole(artifact, file)


def artifact_etag(path: Path) -> str:
    """ETag that an artifact has once this file was put with :func:`put_artifact`."""
    size = path.stat().st_size
    parts = -(-size // PART_SIZE) if size > SINGLE_PUT_MAX else 0
    etag = ETagHash(part_length(size, parts) if parts else None)
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            etag.update(chunk)
    return etag.etag()


@dataclass(frozen=True)
class _Artifact:
    store: ObjectStore
    name: ObjectName
    content_type: str
    metadata: dict[str, str]

    def is_stored(self, etag: str) -> StoredObject | None:
        """The object, if it is in the store just like this."""
        found = head(self.store, self.name)
        wanted = (etag, self.content_type, self.metadata)
        if found is None or wanted != (found.etag, found.content_type, dict(found.metadata)):
            return None
        return found


def _put_whole(artifact: _Artifact, file: BufferedReader) -> StoredObject:
    digest = hashlib.file_digest(file, _md5).digest()
    file.seek(0)
    if (stored := artifact.is_stored(digest.hex())) is not None:
        return stored
    with store_errors(f"Storing {artifact.name.key}"):
        artifact.store.client.put_object(
            Bucket=artifact.name.bucket,
            Key=artifact.name.key,
            Body=file,
            ContentMD5=base64.b64encode(digest).decode(),
            ContentType=artifact.content_type,
            Metadata=artifact.metadata,
        )
    return _checked(artifact, digest.hex())


def _put_parts(artifact: _Artifact, file: BufferedReader, size: int) -> StoredObject:
    store, name = artifact.store, artifact.name
    length = part_length(size, -(-size // PART_SIZE))
    with multipart_upload(store, name, artifact.content_type, artifact.metadata) as upload_id:
        etags: list[str] = []
        while chunk := file.read(length):
            etags.append(_send_part(artifact, upload_id, len(etags) + 1, chunk))
        complete_upload(store, name, upload_id, etags)
    return _checked(artifact, combined_etag(etags))


def _send_part(artifact: _Artifact, upload_id: str, number: int, chunk: bytes) -> str:
    """Send one part; its ETag."""
    digest = _md5(chunk).digest()
    artifact.store.client.upload_part(
        Bucket=artifact.name.bucket,
        Key=artifact.name.key,
        UploadId=upload_id,
        PartNumber=number,
        Body=chunk,
        ContentMD5=base64.b64encode(digest).decode(),
    )
    return digest.hex()


def _md5(data: bytes = b"") -> hashlib._Hash:
    """MD5 as the protocol asks for it."""
    return hashlib.md5(data, usedforsecurity=False)


def _checked(artifact: _Artifact, etag: str) -> StoredObject:
    stored = require(artifact.store, artifact.name)
    if stored.etag != etag:
        raise ChecksumMismatchError(
            f"{artifact.name.key} was stored with the ETag {stored.etag} instead of {etag}."
        )
    return stored
