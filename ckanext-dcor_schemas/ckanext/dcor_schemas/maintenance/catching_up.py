"""The steps of this plugin, done in the present process for resources that still need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dcor_shared.pipeline import dictionary, enqueue, runner, states
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.steps import StepState

from ckanext.dcor_schemas import steps

if TYPE_CHECKING:
    from dcor_shared.pipeline.states import StepStatus

_SELECTED = sa.text("""
SELECT p.id AS package_id, r.id AS resource_id, r.name AS name
FROM package p JOIN resource r ON r.package_id = p.id
WHERE r.state = 'active' AND p.state <> 'deleted'
  AND (CAST(:since AS timestamp) IS NULL OR p.metadata_modified >= :since)
ORDER BY p.metadata_created, p.id, r.position
""")


@dataclass(frozen=True)
class Selected:
    """A resource to look at."""

    package_id: str
    resource_id: str
    name: str


def select(modified_days: int) -> list[Selected]:
    """Resources of all datasets that are not deleted.

    Parameters
    ----------
    modified_days
        Only of datasets that were modified today or in so many days before (UTC); negative: all.
    """
    with session() as own:
        rows = own.execute(_SELECTED, {"since": _since(modified_days)}).mappings().all()
    return [Selected(**row) for row in rows]


def _since(modified_days: int) -> datetime | None:
    if modified_days < 0:
        return None
    return datetime.combine(datetime.now(UTC).date() - timedelta(days=modified_days), time())


def catch_up(selected: Selected, *, retry_failed: bool = False) -> list[StepStatus]:
    """Run what is left of our steps for a resource; those that have ended just now.

    What belongs to the same run (steps that share one copy of the file) is done as well.
    """
    before = _prepare(selected, retry_failed=retry_failed)
    if not any(status.state is StepState.PENDING for status in before.values()):
        return []
    while _run(selected.resource_id):
        pass
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


def _run(resource_id: str) -> bool:
    with session() as own:
        work = enqueue.runnable_queues(own, [resource_id])
    return sum(runner.run_resource(one, queue) for one, queue in work) > 0
