"""Validators of the data model, by the names under which CKAN knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas.validators import dataset, fields, resource

if TYPE_CHECKING:
    from collections.abc import Callable


def validators() -> dict[str, Callable[..., Any]]:
    """All validators of the data model."""
    return {
        "dcor_schemas_authors": fields.authors,
        "dcor_schemas_doi": fields.doi,
        "dcor_schemas_references": fields.references,
        "dcor_schemas_uuid": fields.uuid,
        "dcor_schemas_license": fields.license_id,
        "dcor_schemas_title": fields.title,
        "dcor_schemas_text": fields.only_text,
        "dcor_schemas_size": fields.file_size,
        "dcor_schemas_slug": dataset.slug,
        "dcor_schemas_state_of_new": dataset.state_of_new,
        "dcor_schemas_state": dataset.state,
        "dcor_schemas_private": dataset.private,
        "dcor_schemas_keep_circle": dataset.keep_circle,
        "dcor_schemas_keep_frozen": dataset.keep_frozen,
        "dcor_schemas_new_resources": resource.new_resources,
        "dcor_schemas_resources": resource.changed_resources,
        "dcor_schemas_metadata": resource.metadata,
    }
