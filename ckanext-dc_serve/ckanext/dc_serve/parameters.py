"""Parameters of ``dcserv``: the checks in the order that clients observe, and their texts.

Version 2 is what clients have known for years: nothing of it changes. Version 3 answers its queries
as well, and some more.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "2"
#: The version whose answers stay as they are, to the byte and header.
LONG_KNOWN = 2
#: Values of the parameter ``version`` and what they mean; JSON's integer 2 was never accepted.
_VERSIONS: dict[object, int] = {"2": 2, "3": 3}


@dataclass(frozen=True)
class Query:
    """What a client asks for; neither the id nor the name is known to be valid yet.

    Attributes
    ----------
    name, resource_id
        The query and the resource.
    version
        Version of the interface.
    parameters
        All parameters of the request.
    """

    name: Any
    resource_id: Any
    version: int = 2
    parameters: Mapping[str, Any] = field(default_factory=dict, compare=False)


def parse(parameters: Mapping[str, Any]) -> Query:
    """Query of a request.

    Raises
    ------
    ValidationError
        With the text of the first parameter that is missing or wrong.
    """
    if "query" not in parameters:
        raise tk.ValidationError("Please specify 'query' parameter!")
    if "id" not in parameters:
        raise tk.ValidationError("Please specify 'id' parameter!")
    version = _version(parameters.get("version", VERSION))
    return Query(parameters["query"], parameters["id"], version, parameters)


def _version(version: object) -> int:
    if version == "1":
        raise tk.ValidationError(
            "Version '1' of the DCOR API is not supported anymore. Please use version '2' instead!"
        )
    known = _VERSIONS.get(version) if isinstance(version, str) else None
    if type(version) is int and version == _VERSIONS["3"]:
        known = version
    if known is None:
        # clients know this text: it stays although version 1 is gone
        raise tk.ValidationError("Please specify version '1' or '2'!")
    return known


def require_uuid(resource_id: object) -> str:
    """The id of a resource; names of resources are not accepted.

    Raises
    ------
    ValidationError
        If it is empty.
    ObjectNotFound
        If it is no UUID in the form in which CKAN stores it.
    """
    if not resource_id:
        raise tk.ValidationError("Missing id, can not get Resource object")
    if not isinstance(resource_id, str) or not _is_uuid(resource_id):
        raise tk.ObjectNotFound
    return resource_id


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
