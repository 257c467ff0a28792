"""The resource that a request is about: found with one statement, then checked for permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name

from ckanext.dc_view import errors, measurements

if TYPE_CHECKING:
    from uuid import UUID

    from dcor_shared.objects.names import Artifact, ObjectName


@dataclass(frozen=True)
class Subject:
    """A resource and its dataset as they are now.

    Attributes
    ----------
    resource, package
        Rows of CKAN's tables.
    """

    resource: Any
    package: Any

    @property
    def id(self) -> str:
        """Id of the resource."""
        return str(self.resource.id)

    @property
    def package_id(self) -> str:
        """Id of the dataset."""
        return str(self.package.id)

    @property
    def name(self) -> str:
        """File name of the resource."""
        return str(self.resource.name or self.resource.id)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it: a draft counts as private."""
        return bool(self.package.state == "active" and not self.package.private)

    @property
    def is_measurement(self) -> bool:
        """Whether it is a DC measurement."""
        return self.resource.mimetype in measurements.DC_MIMETYPES

    @property
    def etag(self) -> str | None:
        """ETag of the registered object, None if there is none."""
        return (self.resource.extras or {}).get("etag")

    @property
    def size(self) -> int:
        """Size of the registered object in bytes."""
        return int(self.resource.size or 0)

    @property
    def is_in_store(self) -> bool:
        """Whether its bytes are (or will be) in the object store."""
        return tk.asbool((self.resource.extras or {}).get("s3_available", False))

    def object(self, artifact: Artifact) -> ObjectName:
        """Name of one of its objects."""
        return object_name(object_store().settings, self.package.owner_org, self.id, artifact)


def user_context() -> dict[str, Any]:
    """Context of an action or permission check for the user of the present request."""
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def require(package_id: UUID, resource_id: UUID) -> Subject:
    """The resource of a request, if the user may read it.

    Unknown resources, those of other datasets and those that the user may not read are all alike.

    Raises
    ------
    NotFoundError
        If there is nothing for this user.
    """
    row = (
        model.Session.query(model.Resource, model.Package)
        .join(model.Package, model.Resource.package_id == model.Package.id)
        .filter(
            model.Resource.id == str(resource_id),
            model.Package.id == str(package_id),
            model.Resource.state != "deleted",
        )
        .one_or_none()
    )
    if row is None:
        raise errors.NotFoundError
    try:
        tk.check_access("resource_show", user_context(), {"id": str(resource_id)})
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        raise errors.NotFoundError from error
    return Subject(*row)


def require_measurement(package_id: UUID, resource_id: UUID) -> Subject:
    """Like :func:`require`, for DC measurements only.

    Raises
    ------
    NotFoundError, NoMeasurementError
        If there is nothing for this user, or it is no measurement.
    """
    subject = require(package_id, resource_id)
    if not subject.is_measurement:
        raise errors.NoMeasurementError
    return subject


def may_edit(subject: Subject) -> bool:
    """Whether the user of the present request may change the dataset."""
    try:
        tk.check_access("package_update", user_context(), {"id": subject.package_id})
    except tk.NotAuthorized:
        return False
    return True
