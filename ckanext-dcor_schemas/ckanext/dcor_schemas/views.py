"""Fragments of pages: the state of the processing, updating itself while something is going on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response

from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.steps import StepState

from ckanext.dcor_schemas import processing, store_problems, unstorable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ckan.types import Context, Response

    from dcor_shared.pipeline.states import StepStatus

blueprint = Blueprint("dcor_schemas", __name__)
blueprint.before_app_request(unstorable.refuse)
blueprint.after_app_request(store_problems.explain)
blueprint.app_errorhandler(RecursionError)(unstorable.too_deep)

#: CSS classes of Bootstrap and words for the states of a step.
_BADGES = {
    StepState.PENDING: ("bg-secondary", "waiting"),
    StepState.RUNNING: ("bg-primary", "running"),
    StepState.DONE: ("bg-success", "done"),
    StepState.FAILED: ("bg-danger", "failed"),
    StepState.SKIPPED: ("bg-light text-dark", "not needed"),
}
#: The most urgent state of several steps stands for all of them.
_URGENCY = (StepState.RUNNING, StepState.PENDING, StepState.FAILED, StepState.DONE)


@dataclass(frozen=True)
class Line:
    """One step, or the sum of all steps of a resource, as a page shows it."""

    title: str
    badge: str
    word: str
    seconds: float | None = None
    reason: str = ""
    unfinished: bool = False


@blueprint.route("/dataset/<id>/resource/<resource_id>/processing")
def processing_fragment(id: str, resource_id: str) -> Response:  # noqa: A002
    """The table of steps of a resource, without the page around it."""
    context: Context = {"user": tk.current_user.name}
    try:
        subject = processing.find_subject(resource_id)
        tk.check_access("package_show", context, {"id": subject.package_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Resource not found"))
    html = tk.render(
        "dcor_schemas/snippets/processing.html",
        extra_vars={"package_id": id, "resource_id": resource_id},
    )
    response = make_response(html)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def template_helpers() -> dict[str, Callable[..., Any]]:
    """Helpers for the templates of this module."""
    return {
        "dcor_schemas_processing_lines": processing_lines,
        "dcor_schemas_processing_summaries": processing_summaries,
    }


def processing_lines(resource_id: str) -> list[Line]:
    """The steps of a resource that have or had something to do."""
    steps = processing.states_of([resource_id])[resource_id]
    return [_line(step) for step in steps if step.state is not StepState.SKIPPED or step.error_text]


def processing_summaries(resources: Sequence[dict[str, Any]]) -> dict[str, Line]:
    """One line for each resource of a dataset whose processing is not simply done."""
    found = processing.states_of([resource["id"] for resource in resources])
    lines = {resource_id: _summary(steps) for resource_id, steps in found.items()}
    return {resource_id: line for resource_id, line in lines.items() if line is not None}


def _line(step: StepStatus) -> Line:
    badge, word = _BADGES[step.state]
    return Line(
        title=step.title,
        badge=badge,
        word=word,
        seconds=_seconds(step),
        reason=step.error_text or "",
        unfinished=not step.is_final,
    )


def _summary(steps: Sequence[StepStatus]) -> Line | None:
    for state in _URGENCY:
        first = next((step for step in steps if step.state is state), None)
        if first is not None:
            return None if state is StepState.DONE else _line(first)
    return None


def _seconds(step: StepStatus) -> float | None:
    if step.started is None or step.finished is None:
        return None
    return (step.finished - step.started).total_seconds()
