"""Intra-dataset basins: which measurement of the same dataset another one was derived from.

Only what the pipeline knows already is used (records), no object is opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


#: Basins that refer to others, in one file: the first ones. Clients take each feature from the
#: first basin that has it; more would only make the work for a dataset grow with the square of its
#: size.
MOST = 10
#: Names of the features that say which events of another file those of a file are (a pattern that
#: Python and the database understand).
MAP_NAME = "basinmap[0-9]+"


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
    """Basins to add to the condensed file of `own`: at most `MOST`, and as many to itself.

    Parameters
    ----------
    own
        The measurement that is condensed.
    definitions
        Basins that are stored in it.
    candidates
        Described measurements of the dataset, `own` included.
    """
    found = dict.fromkeys(
        _basin(own, candidate, mapping)
        for identifier, mapping in _wanted(own.identifier, definitions)
        for candidate in candidates
        if candidate.identifier == identifier
    )
    to_itself = [basin for basin in found if basin.resource_id == own.id]
    to_others = [basin for basin in found if basin.resource_id != own.id]
    kept = {*to_itself[:MOST], *to_others[:MOST]}
    return [basin for basin in found if basin in kept]


def wanted_identifiers(
    identifier: str | None, definitions: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Identifiers of the measurements that a measurement may have been derived from.

    Parameters
    ----------
    identifier
        Its own identifier.
    definitions
        Basins that are stored in it: as many as its author likes, so only what can match counts.
    """
    return list(dict.fromkeys(one for one, _mapping in _wanted(identifier, definitions)))


def _wanted(
    own: str | None, definitions: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, str], None]:
    """Identifier and mapping of the basins that another measurement may match."""
    if not own:
        return {}
    local = [d for d in definitions if d.get("type") == "file" and d.get("format") == "hdf5"]
    pairs = [(d.get("identifier"), d.get("mapping") or "same") for d in local]
    return {
        (wanted, mapping): None
        for wanted, mapping in pairs
        if isinstance(wanted, str)
        and isinstance(mapping, str)
        and wanted
        and _matches(own, wanted, mapping)
    }


def _matches(own: str, wanted: str, mapping: str) -> bool:
    if mapping == "same":
        return wanted == own
    # filtered exports append a suffix to the identifier of the file that they were made from
    return re.fullmatch(MAP_NAME, mapping) is not None and own.startswith(wanted)


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
