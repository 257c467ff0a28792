"""How much of a file is read into its record at most."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import h5py


class Budget:
    """What is left of the bytes that texts or tables of one file may have together."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, size: int) -> bool:
        """Take some; False if there is not enough left."""
        if size > self.left:
            self.left = 0
            return False
        self.left -= size
        return True


def members(h5file: h5py.File, group: str, most: int, notes: list[str]) -> list[str]:
    """Names of the members of a group, sorted; the rest is named in `notes` as left out."""
    found = h5file.get(group, ())
    if len(found) > most:
        notes.append(f"'{group}' has {len(found)} members; only {most} are used.")
    return sorted(islice(found, most))
