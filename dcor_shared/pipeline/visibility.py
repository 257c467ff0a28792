"""Objects are public exactly while their dataset is active and not private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import public_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_ROUNDS = 10


class RestlessVisibilityError(Exception):
    """The visibility of a dataset changed again and again while it was being carried out."""


def settle(
    resource_ids: Collection[str], change: Callable[[dict[str, bool]], set[str]]
) -> set[str]:
    """Make the objects of resources what their datasets are.

    The database is read again after each change: of several processes that do this at the same
    time, the last one to change an object also sees what it should be. Nothing is locked.

    Parameters
    ----------
    resource_ids
        The resources; unknown and deleted ones are not public.
    change
        Is given whether each resource shall be public, and returns those that it has changed.

    Returns
    -------
    set of str
        The resources whose objects are right now.
    """
    waiting, right = set(resource_ids), set[str]()
    wanted = _wanted(waiting)
    for _round in range(_ROUNDS):
        if not waiting:
            return right
        changed = change({key: wanted[key] for key in waiting})
        now = _wanted(changed)
        waiting = {key for key in changed if now[key] != wanted[key]}
        right |= changed - waiting
        wanted = now
    raise RestlessVisibilityError(
        "The visibility of a dataset keeps changing; it is tried again in a while."
    )


def _wanted(resource_ids: Collection[str]) -> dict[str, bool]:
    with session() as own:
        public = public_ids(own, resource_ids)
    return {resource_id: resource_id in public for resource_id in resource_ids}
