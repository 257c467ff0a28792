"""Functions for templates; they ask the database at most once and the object store never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ckan.plugins import toolkit as tk

from ckanext.dc_serve import filenames, records

if TYPE_CHECKING:
    from collections.abc import Callable


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


def dc_serve_dclab_snippet(resource_id: str, *, private: bool) -> str:
    """Python code that opens a resource remotely.

    Parameters
    ----------
    resource_id
        The resource.
    private
        Whether readers need a token.
    """
    return dclab_snippet(tk.config["ckan.site_url"], resource_id, private=private)


def dclab_snippet(site_url: str, resource_id: str, *, private: bool) -> str:
    """Python code that opens a resource of the site at `site_url`.

    dclab takes a port only as part of ``host``, never in an address.
    """
    site = urlsplit(site_url)
    lines = [f'"{resource_id}",', f'host="{site.netloc}",']
    if site.scheme == "http":
        lines.append("use_ssl=False,")
    if private:
        lines.append('api_key="<your API token>",')
    arguments = "\n".join(f"    {line}" for line in lines)
    return f'import dclab\n\nds = dclab.new_dataset(\n{arguments}\n)\nprint(ds["deform"][:10])\n'


def get_helpers() -> dict[str, Callable[..., Any]]:
    """All helpers by name."""
    functions = (
        dc_serve_resource_has_condensed,
        dc_serve_is_measurement,
        dc_serve_condensed_name,
        dc_serve_condensed_url,
        dc_serve_dclab_snippet,
    )
    return {function.__name__: function for function in functions}
