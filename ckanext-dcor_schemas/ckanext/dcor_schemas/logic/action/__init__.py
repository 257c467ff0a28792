"""All actions of this plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import belonging, listed_tags, listed_views, listing, membership, signup
from ckanext.dcor_schemas.logic.action import chained, info, processing, uploads

if TYPE_CHECKING:
    from collections.abc import Callable


def actions() -> dict[str, Callable[..., Any]]:
    """Actions by name, for CKAN."""
    functions = (
        uploads.resource_upload_s3_urls,
        uploads.dcor_upload_resume,
        uploads.dcor_upload_cancel,
        info.resource_schema_supplements,
        info.supported_resource_suffixes,
        processing.dcor_dataset_check,
        processing.dcor_resource_status,
        processing.dcor_resource_retry,
        belonging.package_owner_org_update,
        chained.dataset_purge,
        chained.package_create,
        chained.package_patch,
        chained.package_revise,
        chained.package_update,
        chained.resource_create,
        listed_views.resource_view_list,
        listing.group_list,
        listing.group_list_authz,
        listing.group_show,
        listing.organization_list,
        listing.organization_show,
        listing.member_list,
        listing.user_autocomplete,
        listed_tags.tag_autocomplete,
        listed_tags.tag_list,
        listed_tags.tag_search,
        listed_tags.tag_show,
        membership.group_member_delete,
        membership.organization_member_delete,
        membership.member_create,
        membership.member_delete,
        membership.package_delete,
        signup.user_create,
    )
    return {function.__name__: function for function in functions}
