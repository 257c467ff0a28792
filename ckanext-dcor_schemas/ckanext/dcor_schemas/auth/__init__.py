"""Who may call what: thin functions that gather facts and ask the policy and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def auth_functions() -> dict[str, Callable[..., Any]]:
    """Auth functions of the plugin, by the names of the actions they belong to."""
    from ckanext.dcor_schemas.auth import collaborators, dataset, group, resource, site, upload

    functions = (
        collaborators.package_collaborator_create,
        collaborators.package_collaborator_delete,
        collaborators.package_collaborator_list,
        dataset.package_create,
        dataset.package_update,
        dataset.package_delete,
        dataset.dataset_purge,
        dataset.bulk_update_public,
        dataset.dcor_resource_retry,
        resource.resource_create,
        resource.resource_update,
        group.member_create,
        group.member_delete,
        group.member_list,
        group.group_list,
        group.group_show,
        group.group_create,
        group.group_update,
        group.organization_create,
        group.organization_update,
        site.user_show,
        site.user_autocomplete,
        upload.resource_upload_s3_urls,
        upload.dcor_upload_resume,
        upload.dcor_upload_cancel,
    )
    return {function.__name__: function for function in functions} | site.from_policy()
