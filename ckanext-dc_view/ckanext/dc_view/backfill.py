"""Overviews and views that are missing, made in this process: the work behind the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import head
from dcor_shared.pipeline import enqueue, runner, states
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import resource_facts
from dcor_shared.pipeline.model import StepRow
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_view import default_views, steps

if TYPE_CHECKING:
    from dcor_shared.pipeline.states import StepStatus

_SELECTED = sa.text("""
SELECT p.id AS package_id, r.id AS resource_id, r.name AS name
FROM package p JOIN resource r ON r.package_id = p.id
WHERE r.state = 'active' AND (CAST(:since AS timestamp) IS NULL OR p.metadata_modified >= :since)
ORDER BY p.metadata_created, p.id, r.position
""")


@dataclass(frozen=True)
class Selected:
    """A resource to look at."""

    package_id: str
    resource_id: str
    name: str


def select(modified_days: int) -> list[Selected]:
    """Resources of all datasets, also deleted ones; or of those modified in the last days."""
    since = None
    if modified_days >= 0:
        day = datetime.now(UTC).date() - timedelta(days=modified_days)
        since = datetime.combine(day, time())
    with session() as own:
        rows = own.execute(_SELECTED, {"since": since}).all()
    return [Selected(**row._mapping) for row in rows]  # noqa: SLF001


def add_views(package_id: str) -> int:
    """Add the default views that resources of a dataset do not have yet; their number."""
    package = model.Session.get(model.Package, package_id)
    rows = [] if package is None else package.resources
    added = default_views.add(rows, {"id": package_id})
    model.Session.commit()
    return added


def is_wanted(resource_id: str, *, force: bool) -> bool:
    """Whether the overview of a resource should be made now."""
    with session() as own:
        facts = resource_facts(own, resource_id)
        if facts is None or not steps.OVERVIEW.applies(facts):
            return False
        status = _status(own, resource_id)
    if status is not None and status.state == StepState.RUNNING:
        return False
    if force or status is None or status.state != StepState.DONE:
        return True
    store = object_store()
    name = object_name(store.settings, facts.circle_id, facts.id, "view")
    return head(store, name) is None


def make(resource_id: str) -> StepStatus | None:
    """Make the overview here and now; how it ended, None if the resource has no such step.

    What it needs (the description) is made as well if it is missing.
    """
    with session() as own:
        facts = resource_facts(own, resource_id)
        if facts is None:
            return None
        states.plan(own, facts.package_id)
        own.execute(_anew(resource_id))
    _run(resource_id)
    with session() as own:
        return _status(own, resource_id)


def _anew(resource_id: str) -> sa.Update:
    """The step waits again, whatever became of it; one that is running is left alone."""
    return (
        sa.update(StepRow)
        .where(
            StepRow.resource_id == resource_id,
            StepRow.step == steps.NAME,
            StepRow.state != StepState.RUNNING,
        )
        .values(
            state=StepState.PENDING,
            version=steps.VERSION,
            attempt=0,
            not_before=sa.func.clock_timestamp(),
            started=None,
            finished=None,
            error_code=None,
            error_text=None,
        )
    )


def _run(resource_id: str) -> None:
    while True:
        with session() as own:
            work = enqueue.runnable_queues(own, [resource_id])
        if not any(runner.run_resource(one, queue) for one, queue in work):
            return


def _status(own: object, resource_id: str) -> StepStatus | None:
    found = states.status(own, [resource_id])[resource_id]
    return next((status for status in found if status.step == steps.NAME), None)
