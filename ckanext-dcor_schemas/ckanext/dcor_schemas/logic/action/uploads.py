"""Actions for uploads: allow one, continue it, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import messages
from ckanext.dcor_schemas.store_problems import store_problems
from ckanext.dcor_schemas.uploads import allow, ledger
from ckanext.dcor_schemas.uploads import resume as resuming

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

    from ckanext.dcor_schemas.uploads.ledger import UploadInfo


@tk.side_effect_free  # clients use GET; POST is preferred
def resource_upload_s3_urls(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Get URLs for uploading one file straight to the object store.

    Register the file afterwards as a resource with the returned id, by ``package_revise``.

    :param organization_id: UUID of the circle that the dataset belongs to
    :type organization_id: string
    :param file_size: size of the file in bytes
    :type file_size: int

    :returns: ``upload_urls``, one per part of at most 1 GiB, for PUT; ``complete_url`` for POST,
        null for a single part; ``resource_id``
    :rtype: dictionary
    """
    _require_organization_id(context, data_dict)
    tk.check_access("resource_upload_s3_urls", context, data_dict)
    circle_id = allow.require_circle(data_dict.get("organization_id"))
    file_size = allow.parse_file_size(data_dict.get("file_size"))
    user_id = _user_id(context)
    with store_problems():
        answer = allow.allow_upload(circle_id, user_id, file_size)
    if not context.get("defer_commit"):
        model.repo.commit()
    return answer


def dcor_upload_resume(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Continue an upload of your own: learn what arrived and get fresh URLs for the rest.

    :param id: the ``resource_id`` that ``resource_upload_s3_urls`` returned
    :type id: string

    :returns: ``upload_urls``, one per part, null for parts that are there already;
        ``complete_url``; ``parts``, the parts that are there, each with ``part_number``, ``size``
        and ``etag``; ``part_size`` in bytes (the last part may be shorter); ``etag`` of the whole
        file, null as long as it is not complete; ``registered``, whether it is a resource already;
        ``lifetime`` of the URLs in seconds; ``resource_id``, ``organization_id``, ``file_size``
    :rtype: dictionary
    """
    upload = _own_upload("dcor_upload_resume", context, data_dict)
    with store_problems():
        answer = resuming.resume(upload)
    if not context.get("defer_commit"):
        model.repo.commit()
    return answer


def dcor_upload_cancel(context: Context, data_dict: DataDict) -> None:
    """Cancel an upload of your own that is not registered and remove what arrived of it.

    :param id: the ``resource_id`` that ``resource_upload_s3_urls`` returned
    :type id: string
    """
    upload = _own_upload("dcor_upload_cancel", context, data_dict)
    with store_problems():
        resuming.cancel(upload.resource_id)
    if not context.get("defer_commit"):
        model.repo.commit()


def _own_upload(action: str, context: Context, data_dict: DataDict) -> UploadInfo:
    resource_id = tk.get_or_bust(data_dict, "id")
    tk.check_access(action, context, {"id": resource_id})
    upload = ledger.find_upload(str(resource_id))
    if upload is None:  # a sysadmin passes every check
        raise tk.ObjectNotFound(messages.not_your_upload(str(resource_id)))
    return upload


def _require_organization_id(context: Context, data_dict: DataDict) -> None:
    """Say what is missing; visitors are turned away by the check of their rights."""
    if _user_id(context) and not data_dict.get("organization_id"):
        raise tk.ValidationError({"organization_id": [messages.NO_ORGANIZATION_ID]})


def _user_id(context: Context) -> str:
    user = model.User.get(context.get("user"))
    return str(user.id) if user else ""
