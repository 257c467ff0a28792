"""Hostile and broken files, made by code, each with the error that must refuse it.

Every member of :data:`CORPUS` changes a good measurement of a few events in one way.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from dcor_shared.testing.hostile import contours, kinds, links, ranks, storage, structure
from dcor_shared.testing.hostile.corpus import CORPUS, Hostile
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "CORPUS",
    "Hostile",
    "contours",
    "kinds",
    "links",
    "ranks",
    "storage",
    "structure",
    "write_hostile",
]


def write_hostile(hostile: Hostile, path: Path, *, good: Path | None = None) -> Path:
    """Write a bad file.

    Parameters
    ----------
    hostile
        Member of :data:`CORPUS`.
    path
        File to write.
    good
        A good measurement to start from; written if not given.
    """
    if good is None:
        write_measurement(path, events=3)
    else:
        shutil.copyfile(good, path)
    hostile.build(path)
    return path
