"""Features that other processes have computed, each for some of the events.

They come as a file of bare numbers: the features one after the other, in the order of the names
given. The file was written by a sandboxed process, so only its length is relied on.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

#: Types of features that can be computed so, in little-endian order.
_TYPES = {"<f4": 4, "<f8": 8}


class BadPartError(ValueError):
    """A part is not what it should be."""


@dataclass(frozen=True)
class Part:
    """Features of the events from `start` to `stop` (exclusive).

    Attributes
    ----------
    start, stop
        The events.
    features
        Name and type of each feature, in the order of the file.
    """

    start: int
    stop: int
    features: tuple[tuple[str, str], ...]

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The part that a JSON object describes."""
        features = tuple((str(name), str(kind)) for name, kind in document["features"])
        if not {kind for _, kind in features} <= set(_TYPES):
            raise BadPartError("A part has features of an unknown type.")
        return cls(int(document["start"]), int(document["stop"]), features)

    @property
    def size(self) -> int:
        """Size of the file in bytes."""
        return int(fsum(_TYPES[kind] for _, kind in self.features)) * (self.stop - self.start)


def write_part(path: Path, arrays: dict[str, NDArray[Any]]) -> list[tuple[str, str]]:
    """Write arrays of one length to a file; names and types in the order of the file."""
    features = []
    with path.open("wb") as file:
        for name, values in arrays.items():
            kind = f"<f{values.dtype.itemsize}"
            values.astype(kind, copy=False).tofile(file)
            features.append((name, kind))
    return features


def read_parts(parts: Sequence[Part], paths: Sequence[Path], count: int) -> dict[str, NDArray[Any]]:
    """Features that every part has, each of shape (count,).

    Raises
    ------
    BadPartError
        If the parts do not make up all events, or a file has the wrong length.
    """
    import numpy as np

    _check(parts, paths, count)
    names = _common([dict(part.features) for part in parts])
    whole = {name: np.empty(count, dtype=kind) for name, kind in names.items()}
    for part, path in zip(parts, paths, strict=True):
        for name, values in _read(part, path, names):
            whole[name][part.start : part.stop] = values
    return whole


def _check(parts: Sequence[Part], paths: Sequence[Path], count: int) -> None:
    edges = [0]
    for part, path in zip(parts, paths, strict=True):
        if part.start != edges[-1] or part.stop <= part.start:
            raise BadPartError("The parts do not follow one another.")
        if path.stat().st_size != part.size:
            raise BadPartError("A part has not the length that it should have.")
        edges.append(part.stop)
    if edges[-1] != count:
        raise BadPartError("The parts do not make up all events.")


def _common(features: Sequence[dict[str, str]]) -> dict[str, str]:
    first, *others = features
    return {name: kind for name, kind in first.items() if all(o.get(name) == kind for o in others)}


def _read(part: Part, path: Path, names: Collection[str]) -> Iterator[tuple[str, NDArray[Any]]]:
    import numpy as np

    length = part.stop - part.start
    with path.open("rb") as file:
        for name, kind in part.features:
            values = np.fromfile(file, dtype=kind, count=length)
            if name in names:
                yield name, values
