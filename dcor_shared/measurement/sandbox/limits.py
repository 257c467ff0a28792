"""What a sandboxed task may use up."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one call; exceeding one ends the task with a named error.

    Attributes
    ----------
    seconds
        Wall-clock time, reading the source included.
    cpu_seconds
        Computing time.
    memory_bytes
        Memory on top of what the idle process has.
    file_size_bytes
        Size of the file that the task may write.
    open_files
        File descriptors.
    source_bytes
        Bytes that the task may fetch from its byte source.
    result_bytes
        Size of the answer as JSON.
    """

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = GIB
    file_size_bytes: int = 0
    open_files: int = 64
    source_bytes: int = GIB
    result_bytes: int = 128 * MIB
