"""The resource that a request is about: found with one statement, then checked for permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dc_serve import filenames


@dataclass(frozen=True)
class Subject:
    """A resource and its dataset as they are now.

    Attributes
    ----------
    resource, package
        Rows of CKAN's tables. Holding them keeps them in the session, so that CKAN's auth
        functions find them there without asking the database again.
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
    subject = _look_up(resource_id)
    tk.check_access("resource_show", user_context, {"id": resource_id})
    return subject


def _look_up(resource_id: str) -> Subject:
    row = (
        model.Session.query(model.Resource, model.Package)
        .join(model.Package, model.Resource.package_id == model.Package.id)
        .filter(model.Resource.id == resource_id, model.Resource.state != "deleted")
        .one_or_none()
    )
    if row is None:
        raise tk.ObjectNotFound
    return Subject(*row)
