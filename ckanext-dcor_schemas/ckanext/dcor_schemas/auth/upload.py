"""Auth functions for uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import model

from ckanext.dcor_schemas import messages, roles
from ckanext.dcor_schemas.auth.answers import allow, deny, for_users
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


@for_users
def resource_upload_s3_urls(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may upload a file into a circle: those who may create datasets there."""
    circle_id = data_dict.get("organization_id")
    if not circle_id:
        return deny(messages.NO_ORGANIZATION_ID)
    circle = model.Group.get(str(circle_id))
    if circle is None or circle.id != circle_id or not _is_active_circle(circle):
        return deny(messages.not_in_circle(str(circle_id)))
    user_id = roles.user_id_of(context.get("user"))
    if {"editor", "admin"}.isdisjoint(roles.group_capacities(user_id, circle.id)):
        return deny(messages.not_in_circle(str(circle_id)))
    return allow()


@for_users
def dcor_upload_resume(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may continue an upload: who began it, while they may upload into its circle."""
    resource_id, user_id = str(data_dict.get("id")), roles.user_id_of(context.get("user"))
    upload = ledger.find_upload(resource_id)
    if upload is None or upload.user_id != user_id:
        return deny(messages.not_your_upload(resource_id))
    return resource_upload_s3_urls(context, {"organization_id": upload.circle_id})


@for_users
def dcor_upload_cancel(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may cancel an upload: who began it."""
    resource_id, user_id = str(data_dict.get("id")), roles.user_id_of(context.get("user"))
    upload = ledger.find_upload(resource_id)
    if upload is None or upload.user_id != user_id:
        return deny(messages.not_your_upload(resource_id))
    return allow()


def _is_active_circle(circle: model.Group) -> bool:
    return bool(circle.is_organization) and circle.state == "active"
