"""Fragments of pages: the state of the processing, updating itself while something is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, request

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import forms, store_problems, unstorable

if TYPE_CHECKING:
    from ckan.types import Context, Response

blueprint = Blueprint("dcor_schemas", __name__)
blueprint.before_app_request(unstorable.refuse)
blueprint.before_app_request(forms.refuse_malformed)
blueprint.after_app_request(store_problems.explain)
blueprint.app_errorhandler(RecursionError)(unstorable.too_deep)
# CKAN forgets it on pages of groups when a search was not understood.
blueprint.app_context_processor(lambda: {"search_facets": {}})
blueprint.app_errorhandler(tk.ObjectNotFound)(forms.not_found)
blueprint.app_errorhandler(tk.NotAuthorized)(forms.not_authorized)

#: Seconds between two looks at the processing: more each time, up to a limit.
_SHORTEST, _LONGEST = 2, 30


@blueprint.route("/dataset/<id>/processing")
def processing_of_dataset(id: str) -> Response:  # noqa: A002
    """The steps of all files of a dataset, without the page around them."""
    package = _readable(id)
    return _fragment("dataset_processing", package_id=package.id, resources=_named(package))


@blueprint.route("/dataset/<id>/resource/<resource_id>/processing")
def processing_of_resource(id: str, resource_id: str) -> Response:  # noqa: A002
    """The steps of one file, without the page around them."""
    package = _readable(id)
    return _fragment("processing", package_id=package.id, res=_resource(package, resource_id))


@blueprint.route("/dataset/<id>/resource/<resource_id>/processing", methods=["POST"])
def retry(id: str, resource_id: str) -> Response:  # noqa: A002
    """Try the failed steps of a file again; to the page of the file or of the dataset."""
    package = _readable(id)
    resource = _resource(package, resource_id)
    try:
        tk.get_action("dcor_resource_retry")(_context(), {"id": resource["id"]})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only those who may edit the dataset can try this again"))
    of_dataset = request.args.get("of") == "dataset"
    if "HX-Request" in request.headers:
        known = {"id": package.id, "resource_id": resource_id}
        return processing_of_dataset(package.id) if of_dataset else processing_of_resource(**known)
    if of_dataset:
        return tk.redirect_to("dataset.read", id=package.name)
    return tk.redirect_to("dataset_resource.read", id=package.name, resource_id=resource_id)


def _context() -> Context:
    return {"user": tk.current_user.name}


def _readable(reference: str) -> model.Package:
    """The dataset with this id or name; whoever may not read it learns nothing."""
    package = model.Package.get(reference)
    try:
        tk.check_access("package_show", _context(), {"id": reference})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        package = None
    if package is None:
        tk.abort(404, tk._("Dataset not found"))
    return package


def _named(package: model.Package) -> list[dict[str, str]]:
    return [{"id": one.id, "name": one.name} for one in package.resources]


def _resource(package: model.Package, resource_id: str) -> dict[str, str]:
    found = next((one for one in _named(package) if one["id"] == resource_id), None)
    if found is None:
        tk.abort(404, tk._("Resource not found"))
    return found


def _fragment(name: str, **known: object) -> Response:
    """A part of a page that is nobody else's; `looks` makes it ask less and less often."""
    looks = request.args.get("looks", 0, type=int)
    html = tk.render(
        f"dcor_schemas/snippets/{name}.html", extra_vars={**known, "looks": max(looks, 0)}
    )
    response = make_response(html)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def pause_before(look: int) -> int:
    """Seconds to wait before looking for the n-th time."""
    return min(_SHORTEST + look // 3, _LONGEST)
