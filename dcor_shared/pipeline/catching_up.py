"""Steps done in the present process, without workers: what commands for catching up share."""

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

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dcor_shared.objects.names import Artifact
    from dcor_shared.pipeline.states import StepStatus
    from dcor_shared.pipeline.steps import Step

_SELECTED = sa.text("""
SELECT p.id AS package_id, r.id AS resource_id, r.name AS name
FROM package p JOIN resource r ON r.package_id = p.id
WHERE r.state = 'active'
  AND (:deleted OR p.state <> 'deleted')
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
    deleted
        Also deleted datasets that are not purged yet.
    """

    modified_days: int = -1
    dataset: str | None = None
    resource: str | None = None
    deleted: bool = True

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
        "deleted": selection.deleted,
    }
    with session() as own:
        return [Selected(**row) for row in own.execute(_SELECTED, given).mappings()]


def is_wanted(resource_id: str, step: Step, artifact: Artifact, *, again: bool = False) -> bool:
    """Whether a step should be done now.

    Parameters
    ----------
    resource_id
        The resource.
    step
        The step.
    artifact
        What it makes; where that is missing in the object store it is wanted again.
    again
        Also when it is done and what it makes is there.
    """
    with session() as own:
        facts = resource_facts(own, resource_id)
        if facts is None or not step.applies(facts):
            return False
        status = _status(own, resource_id, step)
    if status is not None and status.state == StepState.RUNNING:
        return False
    if again or status is None or status.state != StepState.DONE:
        return True
    store = object_store()
    return head(store, object_name(store.settings, facts.circle_id, facts.id, artifact)) is None


def do(resource_id: str, step: Step) -> StepStatus | None:
    """Do a step here and now; how it ended, None if the resource has no such step.

    What it needs (the description) is made as well if it is missing.
    """
    with session() as own:
        facts = resource_facts(own, resource_id)
        if facts is None:
            return None
        states.plan(own, facts.package_id)
        states.do_again(own, resource_id, step)
    run_waiting(resource_id)
    with session() as own:
        return _status(own, resource_id, step)


def run_waiting(resource_id: str) -> None:
    """Run steps of a resource until none of them can be begun."""
    while True:
        with session() as own:
            work = enqueue.runnable_queues(own, [resource_id])
        if sum(runner.run_resource(one, queue) for one, queue in work) == 0:
            return


def _status(own: Session, resource_id: str, step: Step) -> StepStatus | None:
    found = states.status(own, [resource_id])[resource_id]
    return next((status for status in found if status.step == step.name), None)
