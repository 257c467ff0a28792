"""Waiting within web processes, where requests cannot be set aside: half of them at a time.

Turns are locks of the database, so the processes of all machines count together. A request that
gets none is answered at once.
"""

from __future__ import annotations

import importlib
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dcor_shared.pipeline.database import session

if TYPE_CHECKING:
    from collections.abc import Iterator

#: First half of the locks' names; the second half is the number of the turn.
NAME = zlib.crc32(b"ckanext.dc_serve.waiting.turns") - 2**31
_TAKE = sa.text(
    "SELECT turn FROM generate_series(1, :turns) AS turn"
    " WHERE pg_try_advisory_xact_lock(:name, turn) LIMIT 1"
)


@contextmanager
def turn() -> Iterator[bool]:
    """Whether the present process may wait, until the end of the block."""
    with session() as own:
        yield own.execute(_TAKE, {"turns": _turns(), "name": NAME}).first() is not None


def _turns() -> int:
    try:
        # the module exists within uWSGI only
        processes = importlib.import_module("uwsgi").numproc
    except ImportError:
        return 1
    return max(1, processes // 2)
