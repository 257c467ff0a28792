"""What is known of a measurement after one look into the file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import SandboxCrashError

if TYPE_CHECKING:
    from dcor_shared.measurement.sources import ByteSource

DESCRIBE_LIMITS = sandbox.Limits(seconds=240, memory_bytes=2 * sandbox.GIB)


@dataclass(frozen=True)
class Description:
    """Content of a measurement file as clients get it.

    Attributes
    ----------
    name
        Name of the resource.
    metadata
        ``{section: {key: value}}`` without NaN and infinities (None instead).
    event_count
        Number of events.
    features
        Features stored in the file, those of internal basins included, sorted.
    trace_list
        Names of the fluorescence traces, sorted.
    logs
        Lines of every log that is not empty.
    tables
        ``[columns, rows]`` of every table that is not empty; `columns` is None if unnamed.
    format
        ``RT-FDC`` with fluorescence, else ``RT-DC``.
    identifier
        Measurement identifier, by which files made of one measurement recognise each other.
    basins
        Basin definitions stored in the file.
    dc_config
        Fields ``dc:section:key`` for the resource dictionary.
    valid
        Whether the measurement passes dclab's sanity check.
    cues
        What it does not pass, in words.
    notes
        What was left out or cut off, in words.
    """

    name: str
    metadata: dict[str, dict[str, Any]]
    event_count: int
    features: list[str]
    trace_list: list[str]
    logs: dict[str, list[str]]
    tables: dict[str, list[Any]]
    format: str
    identifier: str | None
    basins: list[dict[str, Any]]
    dc_config: dict[str, Any]
    valid: bool
    cues: list[str]
    notes: list[str]

    def to_json(self) -> dict[str, Any]:
        """The description as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The description of a JSON object; keys that are not known are ignored.

        Raises
        ------
        TypeError
            If a key is missing.
        """
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in document.items() if key in known})


def describe(
    source: ByteSource, *, name: str, limits: sandbox.Limits = DESCRIBE_LIMITS
) -> Description:
    """Describe a measurement; only those parts of the source are read that are needed.

    Parameters
    ----------
    source
        The bytes of the file.
    name
        Name of the resource.
    limits
        Limits of the sandboxed process.

    Raises
    ------
    MeasurementError
        If the file cannot be read, is not safe, or exceeds the limits.
    """
    answer = sandbox.call("describe", limits=limits, source=source)
    try:
        return Description.from_json({**answer, "name": name})
    except TypeError as error:
        raise SandboxCrashError("The description of the file is incomplete.") from error
