"""Intra-dataset basins: which measurement of the same dataset another one was derived from.

Only what the pipeline knows already is used (records), no object is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Candidate:
    """A described measurement of the dataset.

    Attributes
    ----------
    id, name
        Id and file name of the resource.
    identifier
        Identifier of the measurement; None matches nothing.
    features
        Features that it offers, those of its condensed file included.
    """

    id: str
    name: str
    identifier: str | None
    features: frozenset[str]


@dataclass(frozen=True)
class UpstreamBasin:
    """A basin that refers to another measurement of the same dataset."""

    name: str
    description: str
    resource_id: str
    mapping: str
    features: tuple[str, ...]


def find(
    own: Candidate,
    definitions: Iterable[Mapping[str, Any]],
    candidates: Sequence[Candidate],
) -> list[UpstreamBasin]:
    """Basins to add to the condensed file of `own`.

    Parameters
    ----------
    own
        The measurement that is condensed.
    definitions
        Basins that are stored in it.
    candidates
        All described measurements of the dataset, `own` included.
    """
    local = [d for d in definitions if d.get("type") == "file" and d.get("format") == "hdf5"]
    found = [
        _basin(own, candidate, str(definition.get("mapping", "same")))
        for definition in local
        for candidate in candidates
        if _matches(own, definition, candidate)
    ]
    return list(dict.fromkeys(found))


def _matches(own: Candidate, definition: Mapping[str, Any], candidate: Candidate) -> bool:
    wanted = definition.get("identifier")
    if not wanted or not own.identifier or candidate.identifier != wanted:
        return False
    if definition.get("mapping", "same") == "same":
        return bool(wanted == own.identifier)
    # filtered exports append a suffix to the identifier of the file that they were made from
    return own.identifier.startswith(wanted)


def _basin(own: Candidate, candidate: Candidate, mapping: str) -> UpstreamBasin:
    is_itself = candidate.id == own.id
    return UpstreamBasin(
        name=(
            f"DCOR self-reference {candidate.name}"
            if is_itself
            else f"DCOR intra-dataset for {candidate.name}"
        ),
        description=(
            "Basin is the resource itself on DCOR"
            if is_itself
            else "Upstream DCOR intra-dataset resource"
        ),
        resource_id=candidate.id,
        mapping=mapping,
        features=tuple(sorted(candidate.features)),
    )
