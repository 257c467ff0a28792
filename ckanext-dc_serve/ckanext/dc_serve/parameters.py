"""Parameters of ``dcserv``: the checks in the order that clients observe, and their texts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "2"


@dataclass(frozen=True)
class Query:
    """What a client asks for; neither the id nor the name is known to be valid yet."""

    name: Any
    resource_id: Any


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
    _check_version(parameters.get("version", VERSION))
    return Query(parameters["query"], parameters["id"])


def _check_version(version: object) -> None:
    if version == "1":
        raise tk.ValidationError(
            "Version '1' of the DCOR API is not supported anymore. Please use version '2' instead!"
        )
    if version != VERSION:
        # clients know this text: it stays although version 1 is gone
        raise tk.ValidationError("Please specify version '1' or '2'!")


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
