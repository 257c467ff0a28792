"""What the database knows about the resources of a request: at most two SQL statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import stored, supplements
from ckanext.dcor_schemas.rules.resource import ResourceFacts
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan import model


def resource_facts(
    package: model.Package, dataset: Mapping[str, Any], submitted: Any
) -> ResourceFacts:
    """Facts about the resources of a request to change a dataset.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If `submitted` is no list of dictionaries.
    """
    if submitted is None:
        return ResourceFacts(supplements.composite_keys())
    if not isinstance(submitted, list) or not all(isinstance(r, dict) for r in submitted):
        raise tk.ValidationError({"resources": ["Must be a list of resource dictionaries"]})
    known = {resource["id"] for resource in dataset.get("resources", [])}
    sent = {str(resource["id"]) for resource in submitted if resource.get("id")}
    return facts_about(package, sent - known)


def facts_about(package: model.Package, new_ids: set[str]) -> ResourceFacts:
    """Facts about ids that the dataset does not have yet."""
    if not new_ids:
        return ResourceFacts(supplements.composite_keys())
    return ResourceFacts(
        supplements.composite_keys(),
        taken=stored.existing_resource_ids(new_ids),
        uploaded=frozenset(
            upload.resource_id
            for upload in ledger.find_uploads(new_ids).values()
            if upload.circle_id == package.owner_org and upload.size is not None
        ),
    )
