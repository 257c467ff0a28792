"""Fills what the server owns into the resources of a dataset that is being validated.

Runs inside the transaction, so it knows only the database: what is on the object store was noted
before (``prepare``). It is the dataset-level ``__before`` validator of the create and update
schemas, because CKAN hands over only the resources that changed and no other validator sees
their list.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name, object_url

from ckanext.dcor_schemas import media_types
from ckanext.dcor_schemas.policy import State
from ckanext.dcor_schemas.rules.differences import is_empty
from ckanext.dcor_schemas.suffixes import is_measurement
from ckanext.dcor_schemas.uploads import ledger
from ckanext.dcor_schemas.uploads.flattened import FlattenedResource, flattened_resources
from ckanext.dcor_schemas.validators.callers import is_unrestricted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

    from ckanext.dcor_schemas.uploads.ledger import UploadInfo

#: What only the server knows; ``dc:*`` belongs to it as well.
SERVER_OWNED = (
    "etag",
    "format",
    "last_modified",
    "mimetype",
    "s3_available",
    "s3_url",
    "sha256",
    "size",
    "url",
    "url_type",
)
EXTRACTED = "dc:"
#: What CKAN says of a resource by itself; sent back, it would look like a change.
_KEPT_BY_CKAN = ("metadata_modified", "position")
#: What belongs to the row and is never sent.
_ROW = frozenset({"extras", "id", "package_id", "state", *_KEPT_BY_CKAN})


def complete_resources(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """Validator ``dcor_schemas_registration``: see the text of this module."""
    resources = flattened_resources(data)
    stored = _stored([resource.id for resource in resources])
    new = [resource for resource in resources if resource.id not in stored]
    uploads = ledger.find_uploads([resource.id for resource in new if resource.id])
    frozen = _is_frozen(context)
    for resource in resources:
        resource.drop(*_KEPT_BY_CKAN)
        if resource.id in stored:
            carry_over(resource, stored[resource.id], everything=frozen)
        elif (upload := uploads.get(resource.id)) and not upload.registered:
            _register(resource, upload, _package_id(data), errors)


def _stored(resource_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The stored resources by id, each as one flat dictionary; one statement."""
    ids = [resource_id for resource_id in resource_ids if resource_id]
    if not ids:
        return {}
    table = model.Resource.__table__
    rows = model.Session.execute(sa.select(table).where(table.c.id.in_(ids)))
    return {row.id: {**(row.extras or {}), **row._asdict()} for row in rows}


def _is_frozen(context: Context) -> bool:
    """Whether what is said about files stays as it is, as people's keys do in datasets."""
    package = context.get("package")
    return package is not None and package.state != State.DRAFT and not is_unrestricted(context)


def carry_over(
    resource: FlattenedResource, stored: dict[str, Any], *, everything: bool = False
) -> None:
    """Restore what an update omitted; empty values count as omitted.

    Parameters
    ----------
    resource
        A resource as it was sent.
    stored
        The same resource as it is stored.
    everything
        Whether to restore all that is stored; if not, what the server owns.
    """
    names = [
        name
        for name in stored
        if (everything and name not in _ROW) or name in SERVER_OWNED or name.startswith(EXTRACTED)
    ]
    for name in names:
        if stored[name] is not None and is_empty(resource.get(name)):
            resource.set(name, _plain(stored[name]))
    if stored.get("url_type") == "s3_upload" and resource.get("name") != stored["name"]:
        _set_base(resource, stored["package_id"])


def _register(
    resource: FlattenedResource, upload: UploadInfo, package_id: str, errors: FlattenErrorDict
) -> None:
    if upload.size is None or upload.etag is None:
        errors[resource.key("id")] = [not_uploaded(upload)]
    elif upload.size != upload.file_size:
        errors[resource.key("id")] = [other_size(upload)]
    else:
        _set_object(resource, upload)
        _set_base(resource, package_id)


def _set_object(resource: FlattenedResource, upload: UploadInfo) -> None:
    settings = object_store().settings
    name = object_name(settings, upload.circle_id, upload.resource_id)
    values = {
        "size": upload.size,
        "etag": upload.etag,
        "s3_available": True,
        "s3_url": object_url(settings, name),
        "url_type": "s3_upload",
        "last_modified": dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(),
    }
    for field, value in values.items():
        resource.set(field, value)


def _set_base(resource: FlattenedResource, package_id: str) -> None:
    """Set what follows from the name."""
    name = resource.get("name")
    if not isinstance(name, str) or not name:
        return  # the validator of the name says so
    resource.set("url", download_url(package_id, resource.id, name))
    media_type = media_types.of_resource(name)
    resource.set("mimetype", media_type)
    if media_type and not is_measurement(name):  # of measurements, the step that reads them says
        resource.set("format", media_type)


def download_url(package_id: str, resource_id: str, name: str) -> str:
    """Address from which clients download a resource."""
    site_url = str(tk.config["ckan.site_url"]).rstrip("/")
    path = f"/dataset/{package_id}/resource/{resource_id}/download/{name.lower()}"
    return site_url + path


def _package_id(data: FlattenDataDict) -> str:
    """Id of the dataset; a new one gets it here, because the download URL contains it."""
    package_id = data.get(("id",))
    if not isinstance(package_id, str) or not package_id:
        package_id = data["id",] = str(uuid.uuid4())
    return package_id


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def not_uploaded(upload: UploadInfo) -> str:
    """The object was not there when registration was asked for."""
    return (
        f"Resource '{upload.resource_id}' is not available on S3; upload the file to the URLs of"
        " resource_upload_s3_urls first"
    )


def other_size(upload: UploadInfo) -> str:
    """The object does not have the size that its uploader announced."""
    return (
        f"The uploaded file has {upload.size} bytes, but {upload.file_size} bytes were announced;"
        " upload the whole file to the same URLs again, or ask for new ones with the right"
        " file_size"
    )
