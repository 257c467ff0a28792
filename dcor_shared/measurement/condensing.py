"""Condensing: a copy of a measurement with all its scalar features and nothing else."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing_parts import compute_parts
from dcor_shared.measurement.errors import SandboxCrashError

CONDENSE_LIMITS = sandbox.Limits(
    seconds=3500,
    cpu_seconds=3500,
    memory_bytes=4 * sandbox.GIB,
    file_size_bytes=64 * sandbox.GIB,
)
#: Computing time that a small file may take, and what each mebibyte adds: several times as much as
#: dclab needs for all features. A file in which HDF5 goes round in circles shall not take an hour.
_CPU_SECONDS, _CPU_SECONDS_PER_MIB = 120, 4
#: Memory in the same way. What grows with the file are the features that were computed; the rest is
#: read in pieces.
_MEMORY_BYTES, _MEMORY_PER_BYTE = 2 * sandbox.GIB, 4


def limits_of(file: Path) -> sandbox.Limits:
    """Limits for looking through a whole local file."""
    size = file.stat().st_size
    seconds = _CPU_SECONDS + _CPU_SECONDS_PER_MIB * size // sandbox.MIB
    return replace(
        CONDENSE_LIMITS,
        cpu_seconds=min(seconds, CONDENSE_LIMITS.cpu_seconds),
        memory_bytes=min(_MEMORY_BYTES + _MEMORY_PER_BYTE * size, CONDENSE_LIMITS.memory_bytes),
    )


@dataclass(frozen=True)
class CondenseRequest:
    """What is written into a condensed file besides data.

    Attributes
    ----------
    resource_id
        UUID of the resource.
    resource_name
        Its file name.
    site_url
        Public URL of the site.
    source_url
        URL of the original object: endpoint, bucket and key.
    upstream
        Basins in the same dataset; each has ``name``, ``description``, ``url`` (of ``dcserv``),
        ``features`` and ``mapping`` (``same`` or the ``basinmapN`` of the file).
    """

    resource_id: str
    resource_name: str
    site_url: str
    source_url: str
    upstream: tuple[dict[str, Any], ...] = ()

    @property
    def dcserv_url(self) -> str | None:
        """URL of the resource in the API; None where no client would open it as a basin.

        dclab takes a basin at a DCOR site only if its host has a dot and its URL no port.
        """
        parts = urlsplit(self.site_url)
        if not parts.hostname or "." not in parts.hostname or ":" in parts.netloc:
            return None
        return f"{self.site_url.rstrip('/')}/api/3/action/dcserv?id={self.resource_id}"

    @property
    def addresses(self) -> dict[str, Any]:
        """The addresses that are written: ``source``, ``dcserv`` and ``upstream``."""
        return {
            "source": self.source_url,
            "dcserv": self.dcserv_url,
            "upstream": sorted(basin["url"] for basin in self.upstream),
        }


@dataclass(frozen=True)
class CondenseSummary:
    """What is in a condensed file.

    Attributes
    ----------
    features
        Scalar features stored in it, sorted.
    basin_features
        Features that its intra-dataset basins offer, sorted.
    logs
        Lines of the logs that were added.
    event_count
        Number of events.
    size
        Size of the file in bytes.
    columns, original_columns
        Where the bytes of each feature are in the condensed file and in the original; see
        :func:`dcor_shared.measurement.condensed.columns.columns`.
    statistics
        Statistics of each feature; see :mod:`dcor_shared.measurement.condensed.statistics`.
    addresses
        See :attr:`CondenseRequest.addresses`.
    """

    features: list[str]
    basin_features: list[str]
    logs: dict[str, list[str]]
    event_count: int
    size: int
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    original_columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    statistics: dict[str, dict[str, Any]] = field(default_factory=dict)
    addresses: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The summary as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The summary of a JSON object; keys that are not known are ignored."""
        known = {one.name for one in fields(cls)}
        return cls(**{key: value for key, value in document.items() if key in known})


def condense(
    file: Path,
    out: Path,
    request: CondenseRequest,
    limits: sandbox.Limits | None = None,
) -> CondenseSummary:
    """Condense a local measurement file.

    Parameters
    ----------
    file
        The original; only read.
    out
        The condensed file; overwritten. After an error its content is of no use.
    request
        What is written into it besides data.
    limits
        Limits of each sandboxed process; by default they depend on the size of the file.

    Raises
    ------
    MeasurementError
        If the file cannot be read, is not safe, or exceeds the limits.
    """
    limits = limits or limits_of(file)
    # after an error, processes that were not waited for may still write
    with tempfile.TemporaryDirectory(
        dir=out.parent, prefix="parts-", ignore_cleanup_errors=True
    ) as folder:
        ready = compute_parts(file, Path(folder), limits)
        arguments = asdict(request) | {
            "dcserv_url": request.dcserv_url,
            "planned": ready.planned,
            "parts": ready.parts,
        }
        answer = sandbox.call(
            "condense", arguments, limits=limits, readable=[file, *ready.files], writable=out
        )
    try:
        more = {"size": out.stat().st_size, "addresses": request.addresses}
        return CondenseSummary.from_json({**answer, **more})
    except TypeError as error:
        raise SandboxCrashError("The summary of the condensed file is incomplete.") from error
