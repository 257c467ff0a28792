"""Running the steps of a resource: what a worker does with a message."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from ckan import model

from dcor_shared.pipeline import claims, dictionary, fairness, leases
from dcor_shared.pipeline.attempt import Attempts
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.enqueue import runnable_queues, send, slots
from dcor_shared.pipeline.keeper import keep_leases
from dcor_shared.pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from dcor_shared.pipeline.claims import Claim

log = logging.getLogger(__name__)

#: Set when the worker is asked to stop: steps that were not begun are left to others.
stopping = threading.Event()

_CHOICES = 3
_LONG = 1.0


def run_next(resource_id: str, queue: str) -> None:
    """The job: run the steps of one resource that waits on `queue`.

    A message stands for "one more resource has work"; which one is run is decided by the database
    at this moment, so that datasets take turns (docs/decisions/0002). Another worker may be
    faster: then the next one is chosen.

    Parameters
    ----------
    resource_id
        The resource that the message was sent for; taken if there is no fairer choice.
    queue
        Name of the queue.
    """
    start = time.monotonic()
    for _choice in range(_CHOICES):
        with session() as own:
            chosen = fairness.choose(own, queue, resource_id, slots(queue))
        if chosen is None or run_resource(chosen, queue):
            break
    if chosen is not None:
        _send_follow_ups(chosen, queue, is_long=time.monotonic() - start > _LONG)
    model.Session.remove()


def run_resource(resource_id: str, queue: str) -> int:
    """Run the steps of a resource that wait on `queue`, one after the other, until none is left.

    Returns
    -------
    int
        Number of steps that were begun; 0 when others were faster or nothing waits.
    """
    worker = leases.worker_name()
    claimed = _claim(resource_id, queue, worker)
    if not claimed:
        return 0
    begun = 0
    try:
        with keep_leases(worker), scratch_folder() as folder:
            attempts = Attempts(resource_id, folder)
            while claimed and not stopping.is_set():
                begun += sum(attempts.run(one) for one in claimed if not stopping.is_set())
                claimed = _claim(resource_id, queue, worker)
    finally:
        with session() as own:
            leases.give_back(own, resource_id, worker)
    _write_dictionary(resource_id, queue)
    return begun


def _claim(resource_id: str, queue: str, worker: str) -> list[Claim]:
    with session() as own:
        return claims.claim(own, resource_id, queue, worker)


def _send_follow_ups(resource_id: str, queue: str, *, is_long: bool) -> None:
    """Announce what the resource can do now, and after long work what may have waited for it."""
    with session() as own:
        work = runnable_queues(own, [resource_id])
        if is_long and (held_back := fairness.choose(own, queue, resource_id, slots(queue))):
            work.append((held_back, queue))
    send(work)


def _write_dictionary(resource_id: str, queue: str) -> None:
    """Write the values of the dataset's resources if it is time; else somebody does it soon."""
    try:
        with session() as own:
            package_id = dictionary.due_package(own, resource_id, queue)
        if package_id:
            dictionary.flush(package_id)
    except Exception:
        # The values are kept with the steps; the next reconciliation writes them.
        log.exception("The dictionary of resource %s is written later", resource_id)
