"""Condensing what was not condensed so far, in the present process: the work behind the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import head
from dcor_shared.pipeline import enqueue, runner, states
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import resource_facts
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_serve import steps

if TYPE_CHECKING:
    from dcor_shared.pipeline.states import StepStatus
    from dcor_shared.pipeline.steps import ResourceFacts

_SELECTED = sa.text("""
SELECT p.id AS package_id, r.id AS resource_id, r.name AS name
FROM package p JOIN resource r ON r.package_id = p.id
WHERE r.state = 'active'
  AND (CAST(:since AS timestamp) IS NULL OR p.metadata_modified >= :since)
  AND (CAST(:dataset AS text) IS NULL OR :dataset IN (p.id, p.name))
  AND (CAST(:resource AS text) IS NULL OR r.id = :resource)
ORDER BY p.metadata_created, p.id, r.position
""")


@dataclass(frozen=True)
class Selection:
    """Which resources are looked at.

    Attributes
    ----------
    modified_days
        Only datasets that were modified today or in so many days before; negative: all.
    dataset
        Only the dataset of this id or name.
    resource
        Only the resource of this id.
    """

    modified_days: int = -1
    dataset: str | None = None
    resource: str | None = None

    @property
    def since(self) -> datetime | None:
        """The moment from which modifications count (UTC, without time zone as in CKAN)."""
        if self.modified_days < 0:
            return None
        day = datetime.now(UTC).date() - timedelta(days=self.modified_days)
        return datetime.combine(day, time())


@dataclass(frozen=True)
class Selected:
    """A resource to look at."""

    package_id: str
    resource_id: str
    name: str


def select(selection: Selection) -> list[Selected]:
    """All selected resources, those of drafts and private datasets included."""
    given = {
        "since": selection.since,
        "dataset": selection.dataset,
        "resource": selection.resource,
    }
    with session() as own:
        return [Selected(**row._mapping) for row in own.execute(_SELECTED, given)]  # noqa: SLF001


def is_wanted(resource_id: str, *, override: bool = False) -> bool:
    """Whether the resource should be condensed now.

    Parameters
    ----------
    resource_id
        The resource.
    override
        Also when there is a condensed file already.
    """
    with session() as own:
        facts = resource_facts(own, resource_id)
        if facts is None or not steps.applies(facts):
            return False
        status = _status(own, resource_id)
    if status is not None and status.state == StepState.RUNNING:
        return False
    return override or status is None or status.state != StepState.DONE or not _exists(facts)


def condense(resource_id: str) -> StepStatus | None:
    """Condense a resource here and now; how it ended, None if it has no such step.

    What condensing needs (the description) is made as well if it is missing.
    """
    with session() as own:
        facts = resource_facts(own, resource_id)
        if facts is None:
            return None
        states.plan(own, facts.package_id)
        # condensing it lets it be linked again
        own.execute(steps.run_again(resource_id, (steps.NAME,)))
    _run(resource_id)
    with session() as own:
        return _status(own, resource_id)


def _run(resource_id: str) -> None:
    while True:
        with session() as own:
            work = enqueue.runnable_queues(own, [resource_id])
        if not any(runner.run_resource(one, queue) for one, queue in work):
            return


def _status(own: object, resource_id: str) -> StepStatus | None:
    found = states.status(own, [resource_id])[resource_id]
    return next((status for status in found if status.step == steps.NAME), None)


def _exists(facts: ResourceFacts) -> bool:
    store = object_store()
    name = object_name(store.settings, facts.circle_id, facts.id, "condensed")
    return head(store, name) is not None
