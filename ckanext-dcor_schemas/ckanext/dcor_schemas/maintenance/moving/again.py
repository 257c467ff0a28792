"""Condensed files name the place of their original, so they are made again after a move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.pipeline import enqueue, states
from dcor_shared.pipeline.database import session

if TYPE_CHECKING:
    from collections.abc import Collection

_STEP = "condense"


def make_condensed_files(resource_ids: Collection[str]) -> None:
    """Let the workers condense these resources again; the old files serve until then."""
    with session() as own:
        concerned = states.repeat(own, resource_ids, _STEP)
    enqueue.enqueue(concerned)
