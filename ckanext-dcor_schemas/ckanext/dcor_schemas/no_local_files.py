"""No file of a resource is ever written to the disk of the web server.

CKAN takes files along with resources and guesses types from their addresses, before anything was
validated. Here files go to the object store, and the server alone says what address they have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from typing import NoReturn

NOT_HERE = (
    "Files do not pass through this server; ask resource_upload_s3_urls where to upload them,"
    " then register them with package_revise"
)


class NothingToUpload:
    """What CKAN asks about the file that may come along with a resource: there is none.

    Raises
    ------
    ckan.logic.ValidationError
        If there is one.
    """

    def __init__(self, resource: dict[str, Any]) -> None:
        if resource.pop("upload", None):
            raise tk.ValidationError({"upload": [NOT_HERE]})
        resource.pop("clear_upload", None)
        # Without the attributes that CKAN would take for type and size of the resource.
        self.filename: str | None = None

    def upload(self, id: str, max_size: int = 0) -> None:  # noqa: A002
        """Do nothing; CKAN calls it for each resource that changed."""

    def get_path(self, id: str) -> NoReturn:  # noqa: A002
        """No resource has a path on this server."""
        raise tk.ObjectNotFound(id)
