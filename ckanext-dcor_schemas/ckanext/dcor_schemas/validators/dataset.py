"""Validators that look at a dataset as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ckan import model
from ckan.model.package import PACKAGE_NAME_MAX_LENGTH, PACKAGE_NAME_MIN_LENGTH
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import activation, belonging, config, messages, stored
from ckanext.dcor_schemas import slug as slugs
from ckanext.dcor_schemas.policy import State
from ckanext.dcor_schemas.rules.differences import as_bool, is_empty
from ckanext.dcor_schemas.validators.callers import is_internal, is_unrestricted

if TYPE_CHECKING:
    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

#: Fields that an update of a frozen dataset may leave out: they stay.
_CARRIED = ("title", "notes", "doi", "references")
_CARRIED_LISTS = {"tags": ("name", "vocabulary_id"), "extras": ("key", "value")}


def slug(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Name of a new dataset: chosen by sysadmins, made from the title for everybody else."""
    sent = data.get(key)
    if is_unrestricted(context) and isinstance(sent, str) and sent:
        return  # CKAN's validators of names follow
    title = data.get(("title",))
    dataset_id = data.get(("id",))
    random = dataset_id if isinstance(dataset_id, str) and dataset_id else uuid4().hex
    for candidate in slugs.candidates(
        "" if title is tk.missing or title is None else str(title),
        random,
        PACKAGE_NAME_MIN_LENGTH,
        PACKAGE_NAME_MAX_LENGTH,
    ):
        if not _is_taken(candidate):
            data[key] = candidate
            return
    errors[key].append("Could not slugify the title; please choose another one")
    raise tk.StopOnError


def _is_taken(name: str) -> bool:
    query = model.Session.query(model.Package.id).filter(
        model.Package.name == name, model.Package.state != "deleted"
    )
    return bool(model.Session.query(query.exists()).scalar())


def _submitted_resources(data: FlattenDataDict) -> list[dict[str, Any]]:
    ids = [key for key in data if len(key) == 3 and key[0] == "resources" and key[2] == "id"]  # noqa: PLR2004
    return [{"id": data[key]} for key in ids if isinstance(data[key], str)]


def _count_resources(data: FlattenDataDict) -> int:
    return len({key[1] for key in data if key[0] == "resources" and len(key) > 1})


def _known_state(value: Any) -> State:
    if not isinstance(value, str) or value not in set(State):
        listed = ", ".join(State)
        raise tk.Invalid(f"Unknown state '{str(value)[:50]}'; must be one of: {listed}")
    return State(value)


def state_of_new(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,  # noqa: ARG001
    context: Context,
) -> None:
    """State of a new dataset: a draft."""
    sent = data.get(key)
    if is_empty(sent) or sent is tk.missing:
        data[key] = State.DRAFT.value
        return
    state = _known_state(sent)
    if state is State.ACTIVE and not _count_resources(data):
        raise tk.Invalid(messages.NO_RESOURCES)
    if state is not State.DRAFT and not is_internal(context):
        raise tk.Invalid("New datasets are drafts; activate them once they have resources")


def state(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,  # noqa: ARG001
    context: Context,
) -> None:
    """State of a changed dataset; activation needs a valid measurement."""
    sent = data.get(key)
    if is_empty(sent) or sent is tk.missing:
        data.pop(key, None)
        raise tk.StopOnError
    package = context["package"]
    if _known_state(sent) is not State.ACTIVE or package.state != State.DRAFT:
        return
    resources = _submitted_resources(data)
    if not _count_resources(data):
        raise tk.Invalid(messages.NO_RESOURCES)
    if is_internal(context):
        return
    names = stored.resource_names(package.id)
    if len(resources) < _count_resources(data) or any(r["id"] not in names for r in resources):
        raise tk.Invalid(messages.REGISTER_FIRST)
    activation.require_valid_measurement(package.id, resources)


def private(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,  # noqa: ARG001
    context: Context,  # noqa: ARG001
) -> None:
    """Visibility; where nothing may be public, everything is private.

    An update that does not mention it leaves it as it is.
    """
    sent = data.get(key)
    if not config.allow_public_datasets():
        data[key] = True
    elif sent is tk.missing or sent is None:
        data.pop(key, None)
        raise tk.StopOnError
    else:
        data[key] = as_bool(sent)


def keep_circle(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,  # noqa: ARG001
    context: Context,
) -> None:
    """A dataset that has resources, or gets some now, stays in its circle."""
    package, wanted = context.get("package"), data.get(key)
    if package is None or wanted is tk.missing or wanted is None:
        return
    sent = bool(_count_resources(data))
    if belonging.leaves_its_objects(context, package, wanted, has_resources=sent):
        raise tk.Invalid(messages.KEEP_CIRCLE)


def keep_frozen(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,  # noqa: ARG001
    context: Context,
) -> None:
    """What an update of a dataset that is no draft leaves out stays as it is."""
    package = context.get("package")
    if package is None or package.state == State.DRAFT or is_unrestricted(context):
        return
    before = stored.dataset(context, package)
    for name in _CARRIED:
        if data.get((name,), tk.missing) is tk.missing and not is_empty(before.get(name)):
            data[(name,)] = before[name]
    for name, columns in _CARRIED_LISTS.items():
        if not any(key[0] == name for key in data):
            _carry_list(data, name, before.get(name) or [], columns)


def _carry_list(
    data: FlattenDataDict, name: str, entries: list[dict[str, Any]], columns: tuple[str, ...]
) -> None:
    """Put entries back; CKAN knows their schema only if it has seen the keys before."""
    for index, entry in enumerate(entries):
        for column in columns:
            if entry.get(column) is not None:
                data[(name, index, column)] = entry[column]
