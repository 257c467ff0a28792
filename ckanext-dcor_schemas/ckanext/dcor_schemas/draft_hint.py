"""A refusal on a page says how drafts are edited, instead of only that they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import has_request_context

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import messages
from ckanext.dcor_schemas.policy import State

if TYPE_CHECKING:
    from ckan.types import Context

_FORBIDDEN = 403
#: Pages on which people look for a way to edit a draft, by the name of their route.
_PAGES = ("dataset.edit", "dataset_resource.new", "dataset_resource.edit")


def explain(status_code: int, detail: str) -> str:
    """The text of an error page: for editors of a draft, how to edit it."""
    if status_code != _FORBIDDEN or not has_request_context():
        return detail
    if tk.request.endpoint not in _PAGES:
        return detail
    package = model.Package.get((tk.request.view_args or {}).get("id"))
    if package is None or package.state != State.DRAFT or not _may_edit(package.id):
        return detail
    return messages.EDIT_DRAFT_HINT


def _may_edit(package_id: str) -> bool:
    context: Context = {"user": tk.current_user.name}
    try:
        return bool(tk.check_access("package_update", context, {"id": package_id}))
    except tk.NotAuthorized:
        return False
