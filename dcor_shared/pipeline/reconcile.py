"""Finding what was lost: dead workers, an emptied Redis, intents that nobody executed.

Everything here is found in the database and may be done again at any time.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model, plugins

from dcor_shared.pipeline import dictionary, leases, needs, outbox, planning
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.enqueue import enqueue, send, waiting_resources
from dcor_shared.pipeline.fairness import LARGE
from dcor_shared.pipeline.interface import IPipelineSteps

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

_BATCH = 2000
_DATASETS = 100
_LARGE_ONES = 8
_OUTBOX_SECONDS = 5

# The oldest first; a step that waits for a later time is not runnable. Of the large files of a
# dataset only a few can be run at the same time: messages for all would come back every time.
_WAITING = sa.text(f"""
SELECT resource_id, queue FROM (
  SELECT s.resource_id, s.queue, min(s.created) AS created,
         coalesce(r.size, 0) > {LARGE} AS is_large,
         row_number() OVER (PARTITION BY r.package_id, s.queue, coalesce(r.size, 0) > {LARGE}
                            ORDER BY min(s.created)) AS place
  FROM dcor_step s JOIN resource r ON r.id = s.resource_id
  WHERE {needs.RUNNABLE}
  GROUP BY s.resource_id, s.queue, r.package_id, r.size
) waiting
WHERE NOT is_large OR place <= {_LARGE_ONES}
ORDER BY created LIMIT {_BATCH}
""")  # noqa: S608
#: Any number that nobody else uses for a lock of this database.
_LOCK = {"key": 0x6463_6F72}


def reconcile() -> None:
    """Put everything back on its way that has lost its worker, its message or its executor."""
    release_lost()
    requeue()
    write_overdue()
    outbox.drain(None, time_limit=_OUTBOX_SECONDS)
    finish_leftovers_of_plugins()


def reconcile_alone() -> bool:
    """Reconcile unless another process is doing so; whether it was done."""
    with _only_one() as alone:
        if alone:
            reconcile()
    model.Session.remove()
    return alone


def release_lost() -> int:
    """Let the steps of dead workers be claimed again; their number."""
    with session() as own:
        needs.skip_blocked(own)
        number = leases.release_dead(own) + leases.release_expired(own)
    if number:
        log.warning("%d steps had lost their worker and wait again", number)
    return number


def requeue() -> int:
    """Send a message for every step that can be run and has none; the number of messages."""
    with session() as own:
        rows = own.execute(_WAITING, needs.parameters()).all()
    by_queue: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_queue[row.queue].append(row.resource_id)
    lost = [
        (resource_id, queue)
        for queue, resource_ids in by_queue.items()
        for resource_id in _without_message(queue, resource_ids)
    ]
    return send(lost)


def plan_forgotten() -> int:
    """Plan the resources that have an object but no steps; the number of those with work.

    It happens when a plugin that declares steps was added, or an instance was imported.
    """
    with session() as own:
        package_ids = planning.unplanned(own, _DATASETS)
    resource_ids: list[str] = []
    for package_id in package_ids:
        with session() as own:
            resource_ids += planning.plan(own, package_id)
    enqueue(resource_ids)
    return len(resource_ids)


def write_overdue() -> None:
    """Write the values for resource dictionaries that a dead worker left."""
    with session() as own:
        package_ids = dictionary.overdue(own)
    for package_id in package_ids:
        try:
            dictionary.flush(package_id)
        except Exception:
            # The values stay with the steps: the next reconciliation tries again.
            log.exception("The resources of dataset %s are written later", package_id)


def finish_leftovers_of_plugins() -> None:
    """Let every plugin finish what its earlier attempts have left over."""
    for plugin in plugins.PluginImplementations(IPipelineSteps):
        finish = getattr(plugin, "finish_leftovers", None)  # plugins need not inherit it
        try:
            if finish is not None:
                finish()
        except Exception:
            # It is repeated with the next reconciliation, which must not fail for one plugin.
            log.exception("The plugin %s could not finish its leftovers", plugin.name)


def _without_message(queue: str, resource_ids: list[str]) -> list[str]:
    present = waiting_resources(queue)
    return [resource_id for resource_id in resource_ids if resource_id not in present]


@contextmanager
def _only_one() -> Iterator[bool]:
    """Hold a lock of the database, on a connection of its own, if it is free."""
    engine = model.ensure_engine()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        alone = bool(_scalar(connection, "SELECT pg_try_advisory_lock(:key)"))
        try:
            yield alone
        finally:
            if alone:
                _scalar(connection, "SELECT pg_advisory_unlock(:key)")


def _scalar(connection: sa.Connection, statement: str) -> Any:
    return connection.execute(sa.text(statement), _LOCK).scalar()
