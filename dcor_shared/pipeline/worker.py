"""The long-lived worker: no new process per job, so a small step costs milliseconds.

``ckan jobs worker dcor-long`` runs the same jobs; it forks for each, and it does not reconcile.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

import psutil
from rq import SimpleWorker

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.measurement import sandbox
from dcor_shared.pipeline import reconcile, runner, scratch
from dcor_shared.pipeline.leases import worker_name
from dcor_shared.pipeline.steps import Queue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rq import Queue as RQQueue
    from rq.job import Job

log = logging.getLogger(__name__)

#: Seconds between two reconciliations.
RECONCILE_EVERY = 10
#: Reconciliations between two searches for resources without steps.
_SEARCH_EVERY = 60


class PipelineWorker(SimpleWorker):  # type: ignore[misc]
    """Worker that runs jobs in its own process and leaves it before it grows too large.

    Parameters
    ----------
    queues
        Names of queues, without CKAN's prefix.
    max_memory
        Resident memory [bytes] after which no further job is taken.
    """

    log_result_lifespan = False

    def __init__(self, queues: Iterable[str], *, max_memory: int) -> None:
        super().__init__(
            [tk.get_job_queue(str(name)) for name in queues],
            name=worker_name(),
            log_job_description=False,
        )
        self._max_memory = max_memory

    def execute_job(self, job: Job, queue: RQQueue) -> None:
        """Run a job and give back what it used."""
        super().execute_job(job, queue)
        model.Session.remove()
        if psutil.Process().memory_info().rss > self._max_memory:
            log.info("The worker has grown too large and makes room for a new one")
            self._stop_requested = True

    def handle_warm_shutdown_request(self) -> None:
        """Finish the running step, but begin no other one."""
        super().handle_warm_shutdown_request()
        runner.stopping.set()


class _Reconciler(threading.Thread):
    """Reconciles every few seconds; of all workers of a site, one at a time does."""

    def __init__(self) -> None:
        super().__init__(name="reconcile", daemon=True)
        self._ended = threading.Event()
        self._rounds = 0

    def run(self) -> None:
        """Reconcile until stopped."""
        while not self._ended.wait(RECONCILE_EVERY):
            self.once()

    def once(self) -> None:
        """Reconcile now; a failure is logged and repaired by the next time."""
        try:
            if reconcile.reconcile_alone() and self._rounds % _SEARCH_EVERY == 0:
                reconcile.plan_forgotten()
            self._rounds += 1
        except Exception:
            # Database, Redis or store may be away for a while; the reason is in the log.
            log.exception("Reconciliation failed; it is tried again in a few seconds")

    def stop(self) -> None:
        """End the thread after what it is doing."""
        self._ended.set()
        self.join(timeout=RECONCILE_EVERY)


def run_worker(
    queues: Iterable[str] = tuple(Queue),
    *,
    burst: bool = False,
    max_jobs: int | None = 1000,
    max_memory: int = 2 * 2**30,
) -> None:
    """Work until stopped, or until it is time for a fresh process; then return normally.

    CKAN must be loaded. SIGTERM and SIGINT end the worker after the running step; the supervisor
    is expected to start a new one.

    Parameters
    ----------
    queues
        Names of the queues to listen on, the most urgent first.
    burst
        End when the queues are empty.
    max_jobs, max_memory
        Number of jobs, or resident memory [bytes], after which the process has served its time.
    """
    warn_of_missing_protections()
    scratch.sweep()
    model.Session.remove()
    reconciler = _Reconciler()
    reconciler.once()
    reconciler.start()
    arguments: dict[str, Any] = {"burst": burst, "max_jobs": max_jobs, "logging_level": "WARNING"}
    try:
        PipelineWorker(queues, max_memory=max_memory).work(**arguments)
    finally:
        reconciler.stop()


def warn_of_missing_protections() -> None:
    """Say in the log what this machine's kernel does not keep hostile files from."""
    if missing := sandbox.missing_protections():
        log.warning(
            "This kernel lacks %s: a hostile file that takes over the process that looks into it"
            " is held back by less than it should be. Use Linux 5.13 or later with both enabled."
            " Files are looked into only if ckanext.dcor_schemas.allow_weak_sandbox is true.",
            " and ".join(missing),
        )
