"""The pages of the draft editor, and the ways that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, request

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.editor.facts import facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, Response

blueprint = Blueprint("dcor_schemas_editor", __name__)

#: Pages of CKAN that cannot do what the editor can, and what to look at in the editor instead.
_REPLACED = {
    "dataset.new": "",
    "dataset.edit": "",
    "dataset_resource.new": "files",
    "dataset_resource.edit": "files",
}
_FINAL = "The files of this dataset and their descriptions are final, so that it can be cited"
_EDITOR_ONLY = "The files of a draft are changed in the draft editor"


@blueprint.route("/dataset/draft/new")
def new() -> Response:
    """The editor for a dataset that does not exist yet."""
    if tk.current_user.is_anonymous:
        return _to_login()
    return _page(None, request.args.get("group", ""))


@blueprint.route("/dataset/draft/<id>")
def draft(id: str) -> Response:  # noqa: A002
    """The editor for a draft; datasets that are no drafts have other pages."""
    if tk.current_user.is_anonymous:
        return _to_login()
    dataset = _editable(id)
    if dataset is None:
        tk.abort(404, tk._("There is no such draft, or you may not edit it"))
    if dataset["state"] != "draft":
        return tk.redirect_to("dataset.read", id=dataset["name"])
    return _page(dataset, "")


@blueprint.before_app_request
def lead_to_editor() -> Response | None:
    """Lead those who may edit a draft from CKAN's forms to the editor.

    Of active datasets, CKAN offers forms for files that nobody but a sysadmin may change: what is
    final is said before somebody fills one in.
    """
    endpoint = request.endpoint or ""
    if endpoint not in _REPLACED or tk.current_user.is_anonymous:
        return None
    if endpoint == "dataset.new":
        return _explain_new()
    named = request.view_args or {}
    dataset = _editable(str(named.get("id")))
    if dataset is not None:
        return _instead_of_form(endpoint, dataset, named.get("resource_id"))
    if tk.current_user.sysadmin:
        tk.abort(404, tk._("Dataset not found"))
    return None


def _instead_of_form(
    endpoint: str, dataset: dict[str, Any], resource_id: str | None
) -> Response | None:
    known = {None, *(resource["id"] for resource in dataset["resources"])}
    if resource_id not in known:
        tk.abort(404, tk._("Resource not found"))
    is_draft = dataset["state"] == "draft"
    if is_draft and request.method == "GET":
        anchor = _REPLACED[endpoint] or None
        return tk.redirect_to("dcor_schemas_editor.draft", id=dataset["id"], _anchor=anchor)
    if endpoint != "dataset.edit" and not tk.current_user.sysadmin:
        tk.abort(403, tk._(_EDITOR_ONLY if is_draft else _FINAL))
    return None


def _explain_new() -> None:
    """CKAN's form for new datasets is for sysadmins."""
    if not tk.current_user.sysadmin:
        tk.abort(403, tk._("New datasets are made in the draft editor: use 'Add Dataset'"))


def template_helpers() -> dict[str, Callable[..., Any]]:
    """Helpers for the templates of the editor."""
    return {"dcor_schemas_offers_editor": offers_editor}


def offers_editor() -> bool:
    """Whether to offer the viewer to make a dataset: to everybody who is logged in."""
    return not tk.current_user.is_anonymous


def _editable(reference: str) -> dict[str, Any] | None:
    """The dataset with this id or name, if the viewer may edit it."""
    context: Context = {"user": tk.current_user.name}
    try:
        dataset: dict[str, Any] = tk.get_action("package_show")(context, {"id": reference})
        tk.check_access("package_update", {"user": tk.current_user.name}, {"id": dataset["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return dataset


def _to_login() -> Response:
    came_from = request.full_path.rstrip("?")
    return tk.redirect_to("user.login", came_from=came_from)


def _page(dataset: dict[str, Any] | None, circle: str) -> Response:
    html = tk.render(
        "dcor_schemas/editor.html",
        extra_vars={"dataset": dataset, "facts": facts(dataset, circle)},
    )
    response = make_response(html)
    response.headers["Cache-Control"] = "private, no-store"
    return response
