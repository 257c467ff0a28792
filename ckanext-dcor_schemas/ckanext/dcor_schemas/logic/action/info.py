"""Actions that tell clients what the repository knows and takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import suffixes, supplements

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


@tk.side_effect_free
def resource_schema_supplements(context: Context, data_dict: DataDict) -> dict[str, Any]:  # noqa: ARG001
    """Get the schemas of the supplementary metadata (``sp:<section>:<key>``) of resources.

    :returns: the content of the schema files by section, in the order of the files
    :rtype: dictionary
    """
    return supplements.load()


@tk.side_effect_free
def supported_resource_suffixes(context: Context, data_dict: DataDict) -> list[str]:  # noqa: ARG001
    """Get the suffixes that the names of resources may end in.

    :rtype: list of strings
    """
    return list(suffixes.SUPPORTED_SUFFIXES)
