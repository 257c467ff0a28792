"""Which moves are under way."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from ckanext.dcor_schemas.model import MoveRow

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = MoveRow.__table__
#: First half of the key of the locks that moves hold; the second half is made of the dataset's id.
_LOCK = 0x6D6F7665


class MoveError(Exception):
    """A dataset cannot be moved, or not yet; the message says why and what to do."""


class Phase(StrEnum):
    """How far a move is."""

    COPY = "copy"
    CLEANUP = "cleanup"


@dataclass(frozen=True)
class Move:
    """A move that is planned or under way."""

    package_id: str
    from_circle: str
    to_circle: str
    phase: Phase


def find(package_id: str) -> Move | None:
    """The unfinished move of a dataset."""
    row = model.Session.execute(sa.select(_TABLE).where(_TABLE.c.package_id == package_id)).first()
    if row is None:
        return None
    return Move(row.package_id, row.from_circle, row.to_circle, Phase(row.phase))


def begin(package_id: str, from_circle: str, to_circle: str) -> Move:
    """Remember that a move begins; committed."""
    move = Move(package_id, from_circle, to_circle, Phase.COPY)
    values = {"from_circle": from_circle, "to_circle": to_circle, "phase": str(Phase.COPY)}
    model.Session.execute(sa.insert(_TABLE).values(package_id=package_id, **values))
    model.Session.commit()
    return move


def note_switch(move: Move) -> None:
    """Note in the open transaction, which moves the dataset, that only the cleanup is left."""
    model.Session.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.package_id == move.package_id)
        .values(phase=str(Phase.CLEANUP))
    )


def end(move: Move) -> None:
    """Forget a move that is finished; committed."""
    model.Session.execute(sa.delete(_TABLE).where(_TABLE.c.package_id == move.package_id))
    model.Session.commit()


@contextmanager
def alone(package_id: str) -> Iterator[None]:
    """Hold the lock of a dataset's move: two commands would remove what the other needs.

    Raises
    ------
    MoveError
        If another process is moving the dataset.
    """
    engine = model.ensure_engine()
    key = {"lock": _LOCK, "id": package_id}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        take = sa.text("SELECT pg_try_advisory_lock(:lock, hashtext(:id))")
        if not connection.execute(take, key).scalar():
            raise MoveError(f"Dataset {package_id} is being moved by another command; wait for it.")
        try:
            yield
        finally:
            release = sa.text("SELECT pg_advisory_unlock(:lock, hashtext(:id))")
            connection.execute(release, key)
