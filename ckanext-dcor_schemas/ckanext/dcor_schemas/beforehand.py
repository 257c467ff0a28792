"""What is done for a change of a dataset before its transaction opens.

Nothing here decides whether the change is allowed: who may not do it is turned away by CKAN's
action, and gets no object settled and no time of ours before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import authz, model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import activation
from ckanext.dcor_schemas.store_problems import store_problems
from ckanext.dcor_schemas.uploads import mentioned, prepare

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

#: Context key: the dataset whose activation was prepared.
_ACTIVATION = "dcor_schemas_activation"


def before_change(context: Context, reference: str | None, data_dict: DataDict) -> None:
    """Prepare an activation and look at new uploads.

    Parameters
    ----------
    reference
        Id or name of the dataset.
    data_dict
        What the client sent.
    """
    names = mentioned.mentioned_resources(data_dict)
    activates = mentioned.requested_state(data_dict) == "active"
    package = model.Package.get(reference) if names or activates else None
    if package is None:
        return
    if activates and _is_activation(context, package):
        _prepare_activation(context, package)
    _look_at_uploads(context, package, names)


def before_resource(context: Context, data_dict: DataDict) -> None:
    """Look at the upload that ``resource_create`` makes a resource of."""
    names = mentioned.mentioned_resources(data_dict, is_resource=True)
    package = model.Package.get(data_dict.get("package_id")) if names else None
    if package is not None:
        _look_at_uploads(context, package, names)


def before_creation(context: Context, data_dict: DataDict) -> None:
    """Look at uploads that a sysadmin creates a dataset of."""
    names = mentioned.mentioned_resources(data_dict)
    circle = model.Group.get(data_dict.get("owner_org")) if names else None
    if circle is not None and _is_unrestricted(context):
        with store_problems():
            prepare.look_at_uploads(names, circle.id, _user_id(context), adopts=True)


def require_prepared_activation(context: Context, data_dict: DataDict) -> None:
    """Refuse an activation that was not seen coming, in whatever shape it was asked for.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        With advice how to ask for it.
    """
    if data_dict.get("state") != "active":
        return
    package = model.Package.get(data_dict.get("id"))
    if package is None or context.get(_ACTIVATION) == package.id:
        return
    if _is_activation(context, package):
        text = (
            'Activate a dataset by "state": "active" in a call of package_revise or package_patch'
        )
        raise tk.ValidationError({"state": [text]})


def _is_activation(context: Context, package: model.Package) -> bool:
    """Whether CKAN's word ``active`` is news; who ignores all rules needs no check."""
    return package.state == "draft" and not context.get("ignore_auth")


def _prepare_activation(context: Context, package: model.Package) -> None:
    context[_ACTIVATION] = package.id
    if package.owner_org and _may(context, "package_update", {"id": package.id, "state": "active"}):
        with store_problems():
            activation.prepare_activation(package.id, package.owner_org)


def _look_at_uploads(context: Context, package: model.Package, names: dict[str, str]) -> None:
    unrestricted = _is_unrestricted(context)
    if not names or not package.owner_org:
        return
    if unrestricted or _may(context, "package_update", {"id": package.id}):
        with store_problems():
            user_id = _user_id(context)
            prepare.look_at_uploads(names, package.owner_org, user_id, adopts=unrestricted)


def _user_id(context: Context) -> str:
    user = model.User.get(context.get("user"))
    return str(user.id) if user else ""


def _is_unrestricted(context: Context) -> bool:
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user"))


def _may(context: Context, action: str, data_dict: dict[str, Any]) -> bool:
    """Whether the caller passes the check of an action, asked without side effects."""
    keys = ("user", "auth_user_obj", "ignore_auth", "api_version")
    question: Any = {key: context[key] for key in keys if key in context}
    try:
        return bool(tk.check_access(action, question, data_dict))
    except tk.NotAuthorized:
        return False
