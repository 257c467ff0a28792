"""Running the pipeline inside a test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dcor_shared.pipeline import dictionary, enqueue, registry, runner, states
from dcor_shared.pipeline.database import session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dcor_shared.pipeline.steps import Step

_UNFINISHED = sa.text("SELECT DISTINCT resource_id FROM dcor_step WHERE state = 'pending'")


def run_pending(
    resource_ids: Collection[str] | None = None,
) -> dict[str, list[states.StepStatus]]:
    """Run all steps that wait, in this process, one after the other, without any queue.

    It uses the connection that CKAN's session is bound to, so it works on what the outer
    transaction of a test has written, and leaves nothing behind.

    Parameters
    ----------
    resource_ids
        The resources; None: all that have steps waiting.

    Returns
    -------
    dict
        The states of the steps of each resource, in order; a step that has failed and waits for
        its next attempt is ``pending``.
    """
    ids = _waiting() if resource_ids is None else list(resource_ids)
    while work := _runnable(ids):
        for resource_id, queue in work:
            runner.run_resource(resource_id, queue)
    with session() as own:
        package_ids = dictionary.overdue(own, patience=0)
    for package_id in package_ids:
        dictionary.flush(package_id)
    with session() as own:
        return states.status(own, ids)


def _waiting() -> list[str]:
    with session() as own:
        return list(own.execute(_UNFINISHED).scalars())


def _runnable(resource_ids: list[str]) -> list[tuple[str, str]]:
    with session() as own:
        return enqueue.runnable_queues(own, resource_ids)


@contextmanager
def only_steps(*steps: Step) -> Iterator[None]:
    """Within the block there are these steps and not those of the plugins."""
    with registry.replaced(registry.in_order(steps)):
        yield
