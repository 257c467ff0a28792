"""Functions for templates; they ask the database at most once and the object store never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dc_serve import filenames, records
from ckanext.dc_serve.snippets import Place, snippets

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.dc_serve.snippets import Snippet


def dc_serve_resource_has_condensed(resource_id: str) -> bool:
    """Whether there is a condensed file of this resource."""
    return records.has_condensed(resource_id)


def dc_serve_is_measurement(resource: dict[str, Any]) -> bool:
    """Whether a resource dictionary describes a DC measurement."""
    return filenames.is_measurement(resource.get("name"), resource.get("mimetype"))


def dc_serve_condensed_name(name: str) -> str:
    """File name of the condensed copy of `name`."""
    return filenames.condensed_name(name)


def dc_serve_condensed_url(url: str) -> str:
    """Address of the condensed file, made of the address of the original."""
    return url.rsplit("/", 2)[0] + "/condensed.rtdc"


def dc_serve_snippets(resource: dict[str, Any], package: dict[str, Any]) -> list[Snippet]:
    """Code that opens a measurement from afar, to be copied.

    Parameters
    ----------
    resource, package
        The measurement and its dataset.
    """
    is_private = bool(package.get("private")) or package.get("state") != "active"
    site_url = str(tk.config["ckan.site_url"])
    return snippets(Place(site_url, package["id"], resource["id"], is_private))


def get_helpers() -> dict[str, Callable[..., Any]]:
    """All helpers by name."""
    functions = (
        dc_serve_resource_has_condensed,
        dc_serve_is_measurement,
        dc_serve_condensed_name,
        dc_serve_condensed_url,
        dc_serve_snippets,
    )
    return {function.__name__: function for function in functions}
