"""What a hostile file is, and how one is registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import h5py

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dcor_shared.measurement.errors import MeasurementError

    BytesBuilder = Callable[[Path], None]
    Hdf5Builder = Callable[[h5py.File], None]


@dataclass(frozen=True)
class Hostile:
    """One way to make a file bad.

    Attributes
    ----------
    name
        What is bad.
    error
        Class of the error that names it.
    build
        Changes a good file.
    """

    name: str
    error: type[MeasurementError]
    build: BytesBuilder


CORPUS: list[Hostile] = []


def as_bytes(name: str, error: type[MeasurementError]) -> Callable[[BytesBuilder], BytesBuilder]:
    """Register a builder that works on the file as bytes."""

    def register(build: BytesBuilder) -> BytesBuilder:
        CORPUS.append(Hostile(name, error, build))
        return build

    return register


def as_hdf5(name: str, error: type[MeasurementError]) -> Callable[[Hdf5Builder], Hdf5Builder]:
    """Register a builder that works on the opened file."""

    def register(change: Hdf5Builder) -> Hdf5Builder:
        def build(path: Path) -> None:
            with h5py.File(path, "a", libver=("earliest", "latest")) as h5:
                change(h5)

        CORPUS.append(Hostile(name, error, build))
        return change

    return register
