"""Licences: which may follow which, and which a form offers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Licence files for ``licenses_group_url``: open instances, and clinical ones.
OPEN_FILE: Path = Path(__file__).parent / "licenses.json"
MEDICAL_FILE: Path = Path(__file__).parent / "licenses_medical.json"
#: The entry that stands for "no licence chosen"; nobody may choose it.
NO_LICENSE = "none"
#: How restrictive a licence is; a dataset may only move to a smaller rank.
RANKS: Mapping[str, int] = {
    "CC0-1.0": 0,
    "CC-BY-4.0": 1,
    "CC-BY-SA-4.0": 2,
    "CC-BY-NC-4.0": 2,
    "none": 3,
}


def allowed_targets(current: str) -> frozenset[str]:
    """Licences that a dataset may get: its own, and those strictly less restrictive.

    Unknown licences count as least restrictive, so they are never left and never entered.
    """
    rank = RANKS.get(current, 0)
    return frozenset({current} | {name for name, other in RANKS.items() if other < rank})


def choosable(register: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(id, title) of the licences that may be chosen at all, ordered by title."""
    entries = [entry for entry in register if entry[0] != NO_LICENSE]
    return sorted(entries, key=lambda entry: entry[1])


def options(register: Iterable[tuple[str, str]], current: str | None) -> list[tuple[str, str]]:
    """What a form offers for a dataset that has the licence `current`, ordered by title.

    Exactly what :func:`allowed_targets` permits and the site has; a new dataset (`current` is
    None or empty) may get every licence of the site. The current licence is always among them.
    """
    if not current:
        return choosable(register)
    targets = allowed_targets(current)
    offered = sorted((e for e in register if e[0] in targets), key=lambda entry: entry[1])
    if current not in {entry[0] for entry in offered}:
        offered.insert(0, (current, current))
    return offered
