"""The states of the steps of resources: the face of this room for the rest of the suite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dcor_shared.pipeline import needs
from dcor_shared.pipeline.claims import Claim, begin, claim, fail, finish, heartbeat, skip
from dcor_shared.pipeline.leases import give_back, release_dead, release_expired
from dcor_shared.pipeline.planning import plan, unplanned
from dcor_shared.pipeline.registry import all_steps
from dcor_shared.pipeline.steps import StepState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dcor_shared.pipeline.steps import Step

__all__ = [
    "Claim",
    "StepStatus",
    "begin",
    "claim",
    "do_again",
    "fail",
    "finish",
    "give_back",
    "heartbeat",
    "plan",
    "release_dead",
    "release_expired",
    "repeat",
    "retry",
    "skip",
    "status",
    "unplanned",
]

_STATUS = sa.text(
    "SELECT resource_id, step, state, attempt, error_code, error_text, created, started, finished"
    " FROM dcor_step WHERE resource_id = ANY(:resource_ids)"
)
# A step that waits for its next attempt does not wait any longer; steps that were skipped
# because of a failed one wait for it again.
_RETRY = sa.text("""
UPDATE dcor_step SET state = 'pending', attempt = 0, not_before = clock_timestamp(),
  started = NULL, finished = NULL, worker = NULL, lease_until = NULL,
  error_code = NULL, error_text = NULL
WHERE resource_id = :resource_id
  AND (error_code = 'needs_failed'
       OR ((state = 'failed' OR state = 'pending' AND attempt > 0)
           AND (CAST(:step AS text) IS NULL OR step = :step)))
RETURNING step
""")


_REPEAT = sa.text("""
UPDATE dcor_step SET state = 'pending', attempt = 0, not_before = clock_timestamp(),
  started = NULL, finished = NULL, worker = NULL, lease_until = NULL
WHERE resource_id = ANY(:resource_ids) AND step = :step AND state = 'done'
RETURNING resource_id
""")

_DO_AGAIN = sa.text("""
UPDATE dcor_step SET state = 'pending', attempt = 0, version = :version,
  not_before = clock_timestamp(), started = NULL, finished = NULL,
  error_code = NULL, error_text = NULL
WHERE resource_id = :resource_id AND step = :step AND state <> 'running'
""")


@dataclass(frozen=True)
class StepStatus:
    """What people are told about a step of a resource.

    Attributes
    ----------
    step, title
        Its name, and in words.
    state
        One of ``pending``, ``running``, ``done``, ``failed``, ``skipped``.
    attempt
        Number of times it was begun.
    error_code, error_text
        Why it failed, or why the last attempt did.
    created, started, finished
        Times, with time zone.
    """

    step: str
    title: str
    state: StepState
    attempt: int
    error_code: str | None
    error_text: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state not in {StepState.PENDING, StepState.RUNNING}


def status(session: Session, resource_ids: Collection[str]) -> dict[str, list[StepStatus]]:
    """The states of the steps of resources, in the order of needs; by one statement.

    Every id asked for is a key; the list of a resource without steps is empty.
    """
    titles = {step.name: step.title for step in all_steps().values()}
    order = {name: number for number, name in enumerate(titles)}
    found: dict[str, list[StepStatus]] = {resource_id: [] for resource_id in resource_ids}
    for row in session.execute(_STATUS, {"resource_ids": list(found)}).mappings():
        values = dict(row)
        states = found[values.pop("resource_id")]
        words = {"title": titles.get(row["step"], row["step"]), "state": StepState(row["state"])}
        states.append(StepStatus(**{**values, **words}))
    for states in found.values():
        states.sort(key=lambda one: (order.get(one.step, len(order)), one.step))
    return found


def retry(session: Session, resource_id: str, step: str | None = None) -> list[str]:
    """Try failed steps of a resource (all, or one) again with all their attempts.

    Returns
    -------
    list of str
        The steps that wait now; enqueue the resource after the commit when there are any.
    """
    values = {"resource_id": resource_id, "step": step}
    waiting = list(session.execute(_RETRY, values).scalars())
    needs.skip_blocked(session, resource_id)
    return waiting


def repeat(session: Session, resource_ids: Collection[str], step: str) -> list[str]:
    """Do a step again that was done, because something else than the object has changed.

    Returns
    -------
    list of str
        Resources that wait now; enqueue them after the commit.
    """
    values = {"resource_ids": list(resource_ids), "step": step}
    return list(session.execute(_REPEAT, values).scalars())


def do_again(session: Session, resource_id: str, *steps: Step) -> None:
    """Let steps of a resource wait again, whatever became of them; running ones are left alone."""
    for step in steps:
        given = {"resource_id": resource_id, "step": step.name, "version": step.version}
        session.execute(_DO_AGAIN, given)
