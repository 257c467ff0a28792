"""What belongs to a move: the resources of the dataset and their objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from dcor_shared.config import object_store
from dcor_shared.objects.names import ARTIFACTS, ObjectName, object_name
from dcor_shared.objects.store import head
from dcor_shared.pipeline.facts import extras_of

from ckanext.dcor_schemas.maintenance.moving.state import Move, MoveError, Phase, find

if TYPE_CHECKING:
    from dcor_shared.objects.names import Artifact

_RESOURCES = sa.text(
    "SELECT id, name, extras FROM resource WHERE package_id = :package_id ORDER BY position, id"
)
_RUNNING = sa.text("""
SELECT DISTINCT coalesce(r.name, r.id) FROM dcor_step s JOIN resource r ON r.id = s.resource_id
WHERE r.package_id = :package_id AND r.state = 'active' AND s.state IN ('pending', 'running')
""")


@dataclass(frozen=True)
class Copy:
    """One object that is to be moved.

    Attributes
    ----------
    resource_id, resource_name, artifact
        What it is.
    source, target
        From where to where.
    size, etag
        What the store says about it.
    sha256
        Checksum of an original as the resource has it; None if it is not known.
    """

    resource_id: str
    resource_name: str
    artifact: Artifact
    source: ObjectName
    target: ObjectName
    size: int
    etag: str
    sha256: str | None


@dataclass(frozen=True)
class Plan:
    """Everything that a move does."""

    move: Move
    title: str
    copies: tuple[Copy, ...]
    resource_ids: tuple[str, ...]
    is_public: bool

    @property
    def size(self) -> int:
        """Bytes to be copied."""
        return sum(copy.size for copy in self.copies)


def target_circle(reference: str) -> model.Group:
    """The circle with this id or name.

    Raises
    ------
    MoveError
        If there is none, or it is deleted.
    """
    circle = model.Group.get(reference)
    if circle is None or not circle.is_organization or circle.state != "active":
        raise MoveError(f"There is no circle '{reference}'.")
    return circle


def dataset(reference: str) -> model.Package:
    """The dataset with this id or name.

    Raises
    ------
    MoveError
        If there is none, or it is in no circle.
    """
    package = model.Package.get(reference)
    if package is None:
        raise MoveError(f"There is no dataset '{reference}'.")
    if not package.owner_org:
        raise MoveError(f"Dataset {package.name} is in no circle, so it has no files to move.")
    return package


def make(package: model.Package, circle: model.Group) -> Plan | None:
    """Plan a move, or what is left of it; None if there is nothing to do.

    Raises
    ------
    MoveError
        If another move of the dataset is not finished, or its files are being processed.
    """
    move = find(package.id)
    if move is None:
        if package.owner_org == circle.id:
            return None
        move = Move(package.id, package.owner_org, circle.id, Phase.COPY)
    elif move.to_circle != circle.id:
        raise MoveError(
            f"A move of {package.name} to circle {move.to_circle} is not finished; repeat that"
            " command first."
        )
    if move.phase is Phase.COPY:
        require_rest(package)
    rows = model.Session.execute(_RESOURCES, {"package_id": package.id}).all()
    return Plan(
        move=move,
        title=package.title or package.name,
        copies=tuple(_copies(move, rows)) if move.phase is Phase.COPY else (),
        resource_ids=tuple(row.id for row in rows),
        is_public=package.state == "active" and not package.private,
    )


def require_rest(package: model.Package) -> None:
    """Refuse while a step may still write objects of the dataset.

    Raises
    ------
    MoveError
        With the names of the resources.
    """
    busy = list(model.Session.execute(_RUNNING, {"package_id": package.id}).scalars())
    if busy:
        raise MoveError(
            f"Files of {package.name} are still being processed ({', '.join(busy[:5])}); try again"
            " when that is done."
        )


def _copies(move: Move, rows: list[Any]) -> list[Copy]:
    store = object_store()
    copies = []
    for row in rows:
        for artifact in ARTIFACTS:
            source, target = (
                object_name(store.settings, circle, row.id, artifact)
                for circle in (move.from_circle, move.to_circle)
            )
            found = head(store, source)
            if found is None:
                continue
            sha256 = extras_of(row.extras).get("sha256") if artifact == "resource" else None
            names = (row.id, row.name or row.id, artifact)
            copies.append(Copy(*names, source, target, found.size, found.etag, sha256))
    return copies
