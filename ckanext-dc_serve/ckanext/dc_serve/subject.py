"""The resource that a request is about: found with one statement, then checked for permission.

The same statement tells which record there is of its content, so that a web process that knows
this record already asks the database for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.model import RecordRow

from ckanext.dc_serve import filenames

if TYPE_CHECKING:
    from datetime import datetime

# a constant, because putting it together takes longer than the database needs to execute it
_LOOK_UP = (
    sa.select(
        model.Resource,
        model.Package,
        RecordRow.etag,
        RecordRow.modified,
        RecordRow.original.is_not(None),
        RecordRow.condensed.is_not(None),
    )
    .join(model.Package, model.Resource.package_id == model.Package.id)
    .outerjoin(RecordRow, RecordRow.resource_id == model.Resource.id)
    .where(model.Resource.id == sa.bindparam("resource_id"), model.Resource.state != "deleted")
)


@dataclass(frozen=True)
class RecordVersion:
    """Which record there is of a measurement.

    Attributes
    ----------
    etag
        ETag of the object that it describes.
    modified
        When it was last changed.
    is_described, is_condensed
        Whether it says what the original, and what the condensed file holds.
    """

    etag: str
    modified: datetime
    is_described: bool
    is_condensed: bool


@dataclass(frozen=True)
class Subject:
    """A resource and its dataset as they are now.

    Attributes
    ----------
    resource, package
        Rows of CKAN's tables. Holding them keeps them in the session, so that CKAN's auth
        functions find them there without asking the database again.
    record
        Which record there is; None if there is none, or one of another object.
    """

    resource: Any
    package: Any
    record: RecordVersion | None = None

    @property
    def id(self) -> str:
        """Id of the resource."""
        return str(self.resource.id)

    @property
    def package_id(self) -> str:
        """Id of the dataset."""
        return str(self.package.id)

    @property
    def circle_id(self) -> str:
        """Id of the circle, which decides on the bucket."""
        return str(self.package.owner_org)

    @property
    def name(self) -> str:
        """File name of the resource."""
        return str(self.resource.name or "")

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it: a draft counts as private."""
        return bool(self.package.state == "active" and not self.package.private)

    @property
    def is_measurement(self) -> bool:
        """Whether it is a DC measurement."""
        return filenames.is_measurement(self.resource.name, self.resource.mimetype)

    @property
    def etag(self) -> str | None:
        """ETag of the registered object, None if there is none."""
        return (self.resource.extras or {}).get("etag")

    @property
    def is_in_store(self) -> bool:
        """Whether its bytes are (or will be) in the object store."""
        return tk.asbool((self.resource.extras or {}).get("s3_available", False))


def find(resource_id: str, user_context: dict[str, Any]) -> Subject:
    """The resource with this id, if the user may read it.

    Raises
    ------
    ObjectNotFound
        If there is no such resource, or it was deleted.
    NotAuthorized
        If the user may not read it.
    """
    subject = look_up(resource_id)
    tk.check_access("resource_show", user_context, {"id": resource_id})
    return subject


def look_up(resource_id: str) -> Subject:
    """The resource with this id, whoever asks.

    Raises
    ------
    ObjectNotFound
        If there is no such resource, or it was deleted.
    """
    row = model.Session.execute(_LOOK_UP, {"resource_id": resource_id}).one_or_none()
    if row is None:
        raise tk.ObjectNotFound
    resource, package, etag, *version = row
    subject = Subject(resource, package)
    if etag is None or etag != subject.etag:
        return subject
    return Subject(resource, package, RecordVersion(etag, *version))
