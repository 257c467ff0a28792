"""Forms that were not sent as their pages send them, and refusals that say why.

CKAN's views of forms rely on some fields without looking, and fail when they are missing or when
their names contradict each other. Who sends such a form gets a 400 and the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from ckan import logic
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import kinds

if TYPE_CHECKING:
    from ckan.types import Context

#: Parts of the site that have forms.
_BLUEPRINTS = frozenset({"dataset", "dataset_resource", "group", "organization", "user"})
#: What CKAN's views rely on.
_NEEDED = {
    "dataset.new": ("save",),
    "dataset.edit": ("save",),
    "dataset.new_collaborator": ("username", "capacity"),
    "dataset_resource.new": ("id", "save"),
    "dataset_resource.edit": ("save",),
    "user.edit": ("email", "old_password"),
}
_BULK_ACTIONS = frozenset({"bulk_action.public", "bulk_action.delete", "bulk_action.private"})


def refuse_malformed() -> None:
    """Refuse a form that CKAN's view of it cannot read."""
    endpoint = request.endpoint or ""
    if request.method != "POST" or request.blueprint not in _BLUEPRINTS:
        return
    missing = [name for name in _NEEDED.get(endpoint, ()) if name not in request.form]
    if missing:
        tk.abort(400, tk._("This form is incomplete: {} is missing").format(", ".join(missing)))
    if endpoint == "organization.bulk_process" and len(_BULK_ACTIONS & set(request.form)) != 1:
        tk.abort(400, tk._("This form is incomplete: say what to do with the datasets"))
    fields = _read()
    if endpoint == "dataset.edit":
        _say_why_not(fields)


def _read() -> dict[str, Any]:
    """The fields as CKAN's views read them."""
    try:
        flat = logic.tuplize_dict(logic.parse_params(request.form))
        fields: dict[str, Any] = logic.clean_dict(unflatten(flat))
    except (DataError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        tk.abort(400, tk._("This form has fields whose names contradict each other"))
    if problem := kinds.find(fields):
        tk.abort(400, f"{problem[0]}: {problem[1]}")
    return fields


def _say_why_not(fields: dict[str, Any]) -> None:
    """Refuse a change of a dataset with the rule that forbids it; CKAN says nothing of it."""
    known = {key: value for key, value in fields.items() if key not in {"_ckan_phase", "save"}}
    data = known | {"id": (request.view_args or {}).get("id")}
    context: Context = {"user": tk.current_user.name}
    try:
        tk.check_access("package_update", context, data)
    except tk.NotAuthorized as error:
        tk.abort(403, error.message or tk._("You may not change this dataset"))
    except (tk.ObjectNotFound, tk.ValidationError):
        return  # the view says this well


def not_found(error: tk.ObjectNotFound) -> tuple[str, int]:
    """A page for what some views of CKAN do not expect to be missing."""
    return _error_page(404, tk._("Not Found"), error.message)


def not_authorized(error: tk.NotAuthorized) -> tuple[str, int]:
    """A page for what some views of CKAN do not expect to be forbidden."""
    return _error_page(403, tk._("Forbidden"), error.message)


def _error_page(code: int, name: str, text: str | None) -> tuple[str, int]:
    told = {"code": code, "name": name, "content": text or ""}
    return tk.render("error_document_template.html", told), code
