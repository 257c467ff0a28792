"""Random access to bytes that may be far away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class ByteSource(Protocol):
    """Bytes that can be read by range; the sandbox reads remote objects through it."""

    @property
    def size(self) -> int:
        """Number of bytes."""

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` (inclusive) to `stop` (exclusive)."""


class FileSource:
    """A local file as a byte source."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` (inclusive) to `stop` (exclusive)."""
        with self._path.open("rb") as fd:
            fd.seek(start)
            return fd.read(stop - start)
