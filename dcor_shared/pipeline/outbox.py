"""Changes of the object store that committed transactions asked for.

A row is written in the transaction that wants the change and executed after its commit: at once by
the request, and again by the workers until it worked. ``visibility`` only says "look again": what
is done follows from the state of the dataset at the time of execution.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import sqlalchemy as sa

from dcor_shared.config import object_store
from dcor_shared.pipeline import artifacts, visibility
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import living_ids
from dcor_shared.pipeline.reasons import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

Action = Literal["visibility", "delete"]
VISIBILITY: Action = "visibility"
DELETE: Action = "delete"

#: Seconds after which a row is executed by somebody else when its executor does not come back.
_HOLD = 300
_BATCH = 32
_THREADS = 8

_ADD = sa.text("""
INSERT INTO dcor_outbox (action, circle_id, resource_id, created, not_before)
SELECT :action, :circle_id, unnest(CAST(:resource_ids AS text[])), clock_timestamp(),
       clock_timestamp() + make_interval(secs => :delay)
""")
_TAKE = sa.text("""
UPDATE dcor_outbox t SET attempt = t.attempt + 1,
  not_before = clock_timestamp() + make_interval(secs => :hold)
FROM (SELECT id FROM dcor_outbox
      WHERE not_before <= clock_timestamp()
        AND (CAST(:resource_ids AS text[]) IS NULL OR resource_id = ANY(:resource_ids))
      ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED) due
WHERE t.id = due.id
RETURNING t.id, t.action, t.circle_id, t.resource_id
""")
_DONE = sa.text("DELETE FROM dcor_outbox WHERE id = ANY(:ids)")
_FAILED = sa.text("""
UPDATE dcor_outbox SET error_text = :text, not_before = clock_timestamp()
  + make_interval(secs => least(5 * power(2, attempt - 1), 3600))
WHERE id = :id
""")
_REMAINING = sa.text("""
SELECT count(*) FROM dcor_outbox
WHERE CAST(:resource_ids AS text[]) IS NULL OR resource_id = ANY(:resource_ids)
""")


class UnknownActionError(Exception):
    """The outbox knows ``visibility`` and ``delete`` only."""


@dataclass(frozen=True)
class _Task:
    id: int
    action: str
    circle_id: str
    resource_id: str


def add(
    database: Session,
    action: Action,
    circle_id: str,
    resource_ids: Collection[str],
    delay: float = 0,
) -> None:
    """Ask for a change of the objects of resources, once this transaction is committed.

    Parameters
    ----------
    database
        The session of the transaction (inside a request: ``model.Session``).
    action
        ``visibility``: all artifacts become what the dataset is, public or not.
        ``delete``: all artifacts are removed, unless the resource is alive then.
    circle_id
        UUID of the circle whose bucket holds the objects.
    resource_ids
        The resources.
    delay
        Seconds to wait at least.
    """
    if action not in get_args(Action):
        raise UnknownActionError(f"There is no action '{action}' for objects.")
    if resource_ids:
        values = {"action": action, "circle_id": circle_id, "resource_ids": list(resource_ids)}
        database.execute(_ADD, {**values, "delay": delay})


def drain(resource_ids: Collection[str] | None = None, time_limit: float = 10) -> int:
    """Execute what is due (for some resources, or all) for at most about `time_limit` seconds.

    Call it after the commit; the request's own session is not used.

    Returns
    -------
    int
        Number of rows that remain: their execution failed, is not due, or is under way elsewhere.
    """
    ids = None if resource_ids is None else list(resource_ids)
    end = time.monotonic() + time_limit
    while time.monotonic() < end and (tasks := _take(ids)):
        _execute(tasks, end)
    with session() as own:
        return int(own.execute(_REMAINING, {"resource_ids": ids}).scalar_one())


def _take(resource_ids: list[str] | None) -> list[_Task]:
    values = {"resource_ids": resource_ids, "hold": _HOLD, "batch": _BATCH}
    with session() as own:
        rows = own.execute(_TAKE, values).all()
    return [_Task(*row) for row in sorted(rows)]


def _execute(tasks: list[_Task], end: float) -> None:
    work = _Work(end)
    try:
        _delete(work, [task for task in tasks if task.action == DELETE])
        _settle(work, [task for task in tasks if task.action == VISIBILITY])
    finally:
        work.pool.shutdown(wait=False, cancel_futures=True)
    _note(work)


class _Work:
    """Tasks that run in threads until a time limit, and how they ended.

    A task that is not back in time counts neither as done nor as failed: its row stays held for
    so long that no second execution can be overtaken by the first one.
    """

    def __init__(self, end: float) -> None:
        self.end = end
        self.pool = ThreadPoolExecutor(_THREADS)
        self.done: list[int] = []
        self.errors: dict[int, str] = {}

    def run(self, do: Callable[[_Task], None], tasks: list[_Task]) -> list[_Task]:
        """Do something for each task; those for which it was done."""
        futures = [(task, self.pool.submit(do, task)) for task in tasks]
        wait([future for _task, future in futures], max(0.0, self.end - time.monotonic()))
        finished = [(task, future.exception()) for task, future in futures if future.done()]
        for task, error in finished:
            if error is not None:
                log.warning("%s of the objects of %s: %s", task.action, task.resource_id, error)
                self.errors[task.id] = without_secrets(f"{type(error).__name__}: {error}")
        return [task for task, error in finished if error is None]


def _delete(work: _Work, tasks: list[_Task]) -> None:
    with session() as own:
        living = living_ids(own, [task.resource_id for task in tasks])
    store = object_store()

    def remove(task: _Task) -> None:
        if task.resource_id not in living:
            artifacts.remove_all(store, task.circle_id, task.resource_id)

    work.done += [task.id for task in work.run(remove, tasks)]


def _settle(work: _Work, tasks: list[_Task]) -> None:
    store = object_store()

    def change(wanted: dict[str, bool]) -> set[str]:
        def publish(task: _Task) -> None:
            public = wanted[task.resource_id]
            artifacts.set_public(store, task.circle_id, task.resource_id, public=public)

        concerned = [task for task in tasks if task.resource_id in wanted]
        done = {task.id for task in work.run(publish, concerned)}
        undone = {task.resource_id for task in concerned if task.id not in done}
        return set(wanted) - undone

    right = visibility.settle({task.resource_id for task in tasks}, change)
    work.done += [task.id for task in tasks if task.resource_id in right]


def _note(work: _Work) -> None:
    failed = [{"id": key, "text": text} for key, text in work.errors.items()]
    with session() as own:
        own.execute(_DONE, {"ids": work.done})
        if failed:
            own.execute(_FAILED, failed)
