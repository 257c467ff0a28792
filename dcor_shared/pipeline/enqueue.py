"""Messages to the workers: "look at this resource". What is lost is sent again (reconcile.py)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa
from redis.exceptions import RedisError
from rq import Worker
from rq.job import JobStatus

from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import needs
from dcor_shared.pipeline.database import session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rq.job import Job
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

_RUNNABLE = sa.text(f"""
SELECT DISTINCT s.resource_id, s.queue FROM dcor_step s
WHERE s.resource_id = ANY(:resource_ids) AND {needs.RUNNABLE}
""")  # noqa: S608

#: A message whose worker was killed looks as if it were being worked on: a second one may wait.
_SUFFIXES = ("", "_next")


def enqueue(resource_ids: Collection[str]) -> int:
    """Send a message for every queue on which the resources have work; the number sent.

    Call it after the commit. It never fails because of Redis: what could not be sent is sent by
    the next reconciliation.
    """
    if not resource_ids:
        return 0
    with session() as own:
        work = runnable_queues(own, resource_ids)
    return send(work)


def runnable_queues(database: Session, resource_ids: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of resource and queue for which there is a step that can be run now."""
    ids = list(dict.fromkeys(resource_ids))
    rows = database.execute(_RUNNABLE, {"resource_ids": ids, **needs.parameters()}).all()
    place = {resource_id: number for number, resource_id in enumerate(ids)}
    rows = sorted(rows, key=lambda row: (place[row.resource_id], row.queue))
    return [(row.resource_id, row.queue) for row in rows]


def send(work: Iterable[tuple[str, str]]) -> int:
    """Send the messages for pairs of resource and queue that are not on their way already."""
    sent = 0
    try:
        for resource_id, queue in work:
            sent += _send(resource_id, queue)
    except (RedisError, OSError) as exc:
        log.warning(
            "Redis cannot be reached (%s). Nothing is lost: the steps wait in the database and "
            "the workers find them when Redis is back.",
            exc,
        )
    return sent


def waiting_resources(queue: str) -> set[str]:
    """Ids of the resources that have a message waiting in a queue; empty without Redis."""
    try:
        job_ids = tk.get_job_queue(queue).job_ids
    except (RedisError, OSError):
        return set()
    return {job_id.partition("_")[0] for job_id in job_ids}


def slots(queue: str) -> int | None:
    """How many workers of a queue large files of one dataset may keep busy: all but one.

    None, which is no limit, when Redis cannot say how many workers there are.
    """
    try:
        return max(1, int(Worker.count(queue=tk.get_job_queue(queue))) - 1)
    except (RedisError, OSError):
        return None


def _send(resource_id: str, queue: str) -> bool:
    job_ids = [f"{resource_id}_{queue}{suffix}" for suffix in _SUFFIXES]
    for job_id in job_ids:
        job = _known(job_id)
        if job is None or not _is_started(job):
            return (job is None or not _is_waiting(job)) and _enqueue(job_id, resource_id, queue)
    return _enqueue(job_ids[-1], resource_id, queue)


def _known(job_id: str) -> Job | None:
    try:
        return tk.job_from_id(job_id)
    except KeyError:
        return None


def _is_started(job: Job) -> bool:
    return bool(job.get_status(refresh=False) == JobStatus.STARTED)


def _is_waiting(job: Job) -> bool:
    return job.get_status(refresh=False) == JobStatus.QUEUED and job.get_position() is not None


def _enqueue(job_id: str, resource_id: str, queue: str) -> bool:
    from dcor_shared.pipeline.runner import run_next

    # Steps have time limits of their own, results are in the database: RQ keeps nothing.
    tk.enqueue_job(
        run_next,
        args=[resource_id, queue],
        title=f"Process resource {resource_id}",
        queue=queue,
        rq_kwargs={"job_id": job_id, "timeout": -1, "result_ttl": 0, "failure_ttl": 60},
    )
    return True
