"""Continuing and cancelling uploads that are not registered yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.config import object_store
from dcor_shared.objects import staging
from dcor_shared.objects.multipart import part_length
from dcor_shared.objects.names import object_name
from dcor_shared.objects.presign import UPLOAD_LIFETIME
from dcor_shared.objects.resuming import continue_upload
from dcor_shared.objects.store import delete

from ckanext.dcor_schemas import stored
from ckanext.dcor_schemas.uploads import allow, ledger

if TYPE_CHECKING:
    from dcor_shared.objects.resuming import Continuation, UploadedPart

    from ckanext.dcor_schemas.uploads.ledger import UploadInfo


def resume(upload: UploadInfo) -> dict[str, Any]:
    """What the store has of an upload, and fresh URLs for the rest; the caller commits.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If the upload expired and its user has too many others pending.
    dcor_shared.objects.errors.ObjectStoreError
        If the object store has a problem.
    """
    answer = _answer(upload)
    if upload.registered:
        return answer
    if not ledger.is_pending(upload.resource_id):
        allow.require_few_pending(upload.user_id)
    found = continue_upload(object_store(), upload.circle_id, upload.resource_id, upload.file_size)
    ledger.note_continued(upload.resource_id)
    return answer | _as_json(found)


def cancel(resource_id: str) -> None:
    """Remove what was uploaded, wherever it is by now; registered uploads are left alone.

    The row of the upload is locked meanwhile, so nobody registers what is being removed; the
    caller commits. The books stay open until the URLs have expired: they still work.

    Raises
    ------
    dcor_shared.objects.errors.ObjectStoreError
        If the object store has a problem.
    """
    upload = ledger.lock_upload(resource_id)
    if upload is None or upload.registered or stored.existing_resource_ids([resource_id]):
        return
    store = object_store()
    staging.abort(store, upload.circle_id, resource_id)
    # A registration that failed may have settled it.
    delete(store, object_name(store.settings, upload.circle_id, resource_id))
    ledger.note_cancelled(resource_id)


def _answer(upload: UploadInfo) -> dict[str, Any]:
    count = staging.part_count(upload.file_size)
    return {
        "resource_id": upload.resource_id,
        "organization_id": upload.circle_id,
        "file_size": upload.file_size,
        "part_size": part_length(upload.file_size, count),
        "registered": upload.registered,
        "etag": upload.etag if upload.registered else None,
        "parts": [],
        "upload_urls": [None] * count,
        "complete_url": None,
        "lifetime": UPLOAD_LIFETIME,
    }


def _as_json(found: Continuation) -> dict[str, Any]:
    return {
        "etag": found.etag,
        "parts": [_part_as_json(part) for part in found.parts],
        "upload_urls": list(found.urls),
        "complete_url": found.complete_url,
    }


def _part_as_json(part: UploadedPart) -> dict[str, Any]:
    return {"part_number": part.number, "size": part.size, "etag": part.etag}
