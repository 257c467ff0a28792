"""The steps of this plugin, done in the present process for resources that still need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.pipeline import dictionary, states
from dcor_shared.pipeline.catching_up import run_waiting
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.steps import StepState

from ckanext.dcor_schemas import steps

if TYPE_CHECKING:
    from dcor_shared.pipeline.catching_up import Selected
    from dcor_shared.pipeline.states import StepStatus


def catch_up(selected: Selected, *, retry_failed: bool = False) -> list[StepStatus]:
    """Run what is left of our steps for a resource; those that have ended just now.

    What belongs to the same run (steps that share one copy of the file) is done as well.
    """
    before = _prepare(selected, retry_failed=retry_failed)
    if not any(status.state is StepState.PENDING for status in before.values()):
        return []
    run_waiting(selected.resource_id)
    dictionary.flush(selected.package_id)
    after = _ours(selected.resource_id)
    return [
        status
        for name, status in after.items()
        if status.state in {StepState.DONE, StepState.FAILED} and _moved(before.get(name), status)
    ]


def _prepare(selected: Selected, *, retry_failed: bool) -> dict[str, StepStatus]:
    """Plan a resource that was never planned; its state afterwards."""
    with session() as own:
        states.plan(own, selected.package_id)
        if retry_failed:
            for name in _names():
                states.retry(own, selected.resource_id, name)
    return _ours(selected.resource_id)


def _names() -> list[str]:
    return [step.name for step in steps.pipeline_steps()]


def _ours(resource_id: str) -> dict[str, StepStatus]:
    with session() as own:
        found = states.status(own, [resource_id])[resource_id]
    return {status.step: status for status in found if status.step in _names()}


def _moved(before: StepStatus | None, after: StepStatus) -> bool:
    return before is None or before.state is not after.state
