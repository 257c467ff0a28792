"""What people and programs are told about the processing of resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import states

from ckanext.dcor_schemas import publishing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dcor_shared.pipeline.states import StepStatus


@dataclass(frozen=True)
class Subject:
    """What is asked about: resources of one dataset."""

    package_id: str
    resource_ids: tuple[str, ...]


def find_subject(reference: str) -> Subject:
    """The resource with this id, or the dataset with this id or name.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If nothing is asked for.
    ckan.plugins.toolkit.ObjectNotFound
        If there is none.
    """
    if not reference:
        raise tk.ValidationError({"id": [tk._("Missing value")]})
    resource = model.Session.get(model.Resource, reference)
    if resource is not None and resource.state == "active":
        return Subject(str(resource.package_id), (resource.id,))
    package = model.Package.get(reference)
    if package is None:
        raise tk.ObjectNotFound(f"There is no resource or dataset {reference}")
    return Subject(package.id, tuple(resource.id for resource in package.resources))


def states_of(resource_ids: Sequence[str]) -> dict[str, list[StepStatus]]:
    """The steps of resources, in the order of their execution; one statement."""
    return states.status(model.Session(), resource_ids)


def retry(subject: Subject, step: str | None) -> list[str]:
    """Let failed steps be tried again after the commit; their names."""
    steps = [
        name
        for resource_id in subject.resource_ids
        for name in states.retry(model.Session(), resource_id, step)
    ]
    if steps:
        publishing.note_work(subject.resource_ids)
    return steps


def as_json(found: Mapping[str, Sequence[StepStatus]]) -> dict[str, Any]:
    """The states as clients get them: times in ISO 8601 with time zone."""
    return {
        resource_id: [_step_as_json(status) for status in steps]
        for resource_id, steps in found.items()
    }


def _step_as_json(status: StepStatus) -> dict[str, Any]:
    return {
        "step": status.step,
        "title": status.title,
        "state": str(status.state),
        "attempt": status.attempt,
        "error_code": status.error_code,
        "error_text": status.error_text,
        "created": _moment(status.created),
        "started": _moment(status.started),
        "finished": _moment(status.finished),
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
