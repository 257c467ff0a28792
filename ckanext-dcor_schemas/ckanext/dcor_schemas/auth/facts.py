"""What the database knows about the resources of a request: at most three SQL statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import roles, stored, supplements
from ckanext.dcor_schemas.rules.resource import ResourceFacts
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan import model
    from ckan.types import Context


def resource_facts(
    context: Context, package: model.Package, dataset: Mapping[str, Any], submitted: Any
) -> ResourceFacts:
    """Facts about the resources of a request to change a dataset.

    Parameters
    ----------
    context
        Who asks.
    package, dataset
        The stored dataset, as a row and as the API shows it.
    submitted
        The resources of the request.

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
    return facts_about(context, package, sent - known)


def facts_about(context: Context, package: model.Package, new_ids: set[str]) -> ResourceFacts:
    """Facts about ids that the dataset does not have yet."""
    if not new_ids:
        return ResourceFacts(supplements.composite_keys())
    caller = roles.user_id_of(context.get("user"))
    uploads = [
        upload
        for upload in ledger.find_uploads(new_ids).values()
        if upload.circle_id == package.owner_org
    ]
    return ResourceFacts(
        supplements.composite_keys(),
        taken=stored.existing_resource_ids(new_ids),
        foreign=frozenset(one.resource_id for one in uploads if one.user_id != caller),
        uploaded=frozenset(one.resource_id for one in uploads if one.size is not None),
    )
