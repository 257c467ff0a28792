"""Allowing an upload: which sizes, how many at once, and the URLs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects import staging

from ckanext.dcor_schemas import config
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from dcor_shared.objects.staging import UploadURLs
    from dcor_shared.objects.store import ObjectStore


def allow_upload(circle_id: str, user_id: str, file_size: int) -> dict[str, Any]:
    """Sign the URLs of one upload and note it in the books; the caller commits.

    Parameters
    ----------
    circle_id
        An existing circle in which the user may create datasets.
    user_id
        Who uploads.
    file_size
        Announced size in bytes, see :func:`parse_file_size`.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If the user has too many pending uploads, or the site has no object store.
    dcor_shared.objects.errors.ObjectStoreError
        If the object store has a problem.
    """
    require_few_pending(user_id)
    resource_id = new_resource_id()
    urls = staging.begin_upload(_required_store(), circle_id, resource_id, file_size)
    ledger.note_allowed(resource_id, user_id, circle_id, file_size)
    return _answer(resource_id, urls)


def _required_store() -> ObjectStore:
    store = object_store()
    if not store.settings.is_complete:
        text = "This site has no object store yet; the options dcor_object_store.* are not set"
        raise tk.ValidationError({"message": [text]})
    return store


def _answer(resource_id: str, urls: UploadURLs) -> dict[str, Any]:
    return {
        "upload_urls": list(urls.urls),
        "complete_url": urls.complete_url,
        "resource_id": resource_id,
    }


def new_resource_id() -> str:
    """An id that no resource and no upload has."""
    while True:
        resource_id = str(uuid.uuid4())
        if not model.Session.get(model.Resource, resource_id):
            return resource_id


def parse_file_size(value: Any) -> int:
    """Announced size in bytes; clients send it as a number or as text, also like ``1e9``.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If it is missing, not a whole number, negative or above the site's maximum.
    """
    size = _whole_number(value)
    largest = min(config.max_file_size(), staging.MAX_PARTS * staging.PART_UNIT)
    if size is None or size < 0:
        raise tk.ValidationError(
            {"file_size": [f"Size of the file in bytes needed, a whole number from 0 to {largest}"]}
        )
    if size > largest:
        raise tk.ValidationError(
            {"file_size": [f"{size} bytes are too many, this site takes files up to {largest}"]}
        )
    return size


def _whole_number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        pass
    try:
        number = float(str(value))
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def require_circle(circle_id: Any) -> str:
    """Id of an existing circle; by id only, never by name.

    Raises
    ------
    ckan.plugins.toolkit.ObjectNotFound
        If there is no such circle: no bucket is ever made for an unknown id.
    """
    circle = model.Session.get(model.Group, circle_id) if isinstance(circle_id, str) else None
    if circle is None or not circle.is_organization or circle.state != "active":
        raise tk.ObjectNotFound(f"There is no circle with the id {circle_id}")
    return str(circle.id)


def require_few_pending(user_id: str) -> None:
    """Refuse another upload to a user who has too many that are not registered.

    Requests of one user take turns from here to their commit, so that none is counted too late.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        With the limit, and what to do.
    """
    limit = config.max_pending_uploads()
    ledger.take_turns(user_id)
    if ledger.count_pending(user_id) >= limit:
        text = (
            f"You have {limit} uploads that are not registered as resources; register them or"
            " wait until they expire (after one day)"
        )
        raise tk.ValidationError({"message": [text]})
