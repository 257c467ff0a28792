"""Links in the chains of CKAN's actions that change datasets.

CKAN's actions look at a dataset under a lock, validate and store it in one transaction. What needs
the object store or has to wait is done before.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import beforehand, membership
from ckanext.dcor_schemas.growth import request, write
from ckanext.dcor_schemas.uploads import mentioned
from ckanext.dcor_schemas.validators import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ckan.types import Context, DataDict

_PREPARED = "dcor_schemas_prepared"


@contextmanager
def _outermost(context: Context) -> Iterator[bool]:
    """Whether this is the outermost call: actions call each other with copies of the context."""
    if context.get(_PREPARED):
        yield False
        return
    context[_PREPARED] = True
    try:
        yield True
    finally:
        context.pop(_PREPARED, None)


@tk.chained_action
def package_create(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any] | str:
    """Look at the uploads of embedded resources, then create the dataset."""
    shapes.require_sound_lists(data_dict)
    with _outermost(context) as outermost:
        if outermost:
            beforehand.before_creation(context, data_dict)
        return original(context, data_dict)


@tk.chained_action
def package_update(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any] | str:
    """Look at new uploads and wait for verdicts, then update the dataset."""
    shapes.require_sound_lists(data_dict)
    with _outermost(context) as outermost:
        if outermost:
            beforehand.before_change(context, mentioned.changed_dataset(data_dict), data_dict)
        beforehand.require_prepared_activation(context, data_dict)
        return original(context, data_dict)


@tk.chained_action
def package_patch(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any] | str:
    """Look at new uploads and wait for verdicts, then patch the dataset."""
    with _outermost(context) as outermost:
        if outermost:
            beforehand.before_change(context, mentioned.changed_dataset(data_dict), data_dict)
        return original(context, data_dict)


@tk.chained_action
def package_revise(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Look at new uploads and wait for verdicts, then revise the dataset."""
    shapes.require_sound_revision(data_dict)
    with _outermost(context) as outermost:
        if outermost:
            beforehand.before_change(context, mentioned.revised_dataset(data_dict), data_dict)
        growing = request.recognise(context, data_dict)
        shown = growing and write.add_resources(context, growing)
        return {"package": shown} if shown else original(context, data_dict)


@tk.chained_action
def resource_create(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Look at the upload, then add the resource."""
    with _outermost(context) as outermost:
        if outermost:
            beforehand.before_resource(context, data_dict)
        return original(context, data_dict)


@tk.chained_action
def dataset_purge(original: Callable[..., Any], context: Context, data_dict: DataDict) -> None:
    """Remove the collaborators of a dataset, which CKAN forgets, then purge it."""
    package = model.Package.get(data_dict.get("id"))
    if package is not None:
        tk.check_access("dataset_purge", context.copy(), {"id": package.id})
        membership.forget_collaborators(package.id)
    original(context, data_dict)
