"""Making bundle and preview of a measurement; for workers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

from dcor_shared.measurement import condensing, sandbox
from dcor_shared.measurement.errors import SandboxCrashError

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.measurement.sources import ByteSource

OVERVIEW_LIMITS = sandbox.Limits(
    seconds=1700,
    cpu_seconds=1700,
    memory_bytes=4 * sandbox.GIB,
    file_size_bytes=256 * sandbox.MIB,
    source_bytes=4 * sandbox.GIB,
    result_bytes=sandbox.MIB,
)


def limits_of(file: Path) -> sandbox.Limits:
    """Limits for the overview of a local file: those of condensing it, but no more than usual."""
    whole = condensing.limits_of(file)
    return replace(
        OVERVIEW_LIMITS,
        cpu_seconds=min(whole.cpu_seconds, OVERVIEW_LIMITS.cpu_seconds),
        memory_bytes=min(whole.memory_bytes, OVERVIEW_LIMITS.memory_bytes),
    )


@dataclass(frozen=True)
class Upstream:
    """The measurement that holds the images, where the file itself has none.

    Attributes
    ----------
    source
        Its bytes.
    mapping
        ``same``, or the feature with the indices of its events (``basinmap0`` …).
    """

    source: ByteSource
    mapping: str


@dataclass(frozen=True)
class OverviewSummary:
    """What is in an overview.

    Attributes
    ----------
    event_count, sampled
        Number of events, and of those in the columns.
    features
        Number of features.
    size, first
        Bytes of the bundle, and of its first piece.
    preview_size
        Bytes of the preview; 0 if it could not be drawn.
    images
        Where the images are: ``file``, ``basin`` or None.
    notes
        What is missing and why: ``code`` and ``text``.
    """

    event_count: int
    sampled: int
    features: int
    size: int
    first: int
    preview_size: int
    images: str | None
    notes: list[dict[str, str]]

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The summary of a JSON object that an untrusted process made.

        Raises
        ------
        TypeError
            If something is missing or has another type.
        """
        known = {field.name for field in fields(cls)}
        numbers = known - {"images", "notes"}
        if not all(type(document.get(name)) is int for name in numbers):
            raise TypeError("not all numbers are there")
        if document.get("images") not in {"file", "basin", None}:
            raise TypeError("images are nowhere else")
        notes = [
            {"code": str(note["code"])[:50], "text": str(note["text"])[:500]}
            for note in document["notes"][:200]
        ]
        values: dict[str, Any] = {key: document.get(key) for key in known}
        return cls(**values | {"notes": notes})


@dataclass(frozen=True)
class Overview:
    """Files of an overview.

    Attributes
    ----------
    view
        The bundle.
    preview
        The picture (JPEG), None if it could not be drawn.
    summary
        What is in them.
    """

    view: Path
    preview: Path | None
    summary: OverviewSummary


def make_overview(
    file: Path,
    folder: Path,
    *,
    source_etag: str,
    step_version: int,
    condensed: Path | None = None,
    upstream: Upstream | None = None,
    limits: sandbox.Limits | None = None,
) -> Overview:
    """Make the overview of a local measurement file.

    Parameters
    ----------
    file
        The original; only read.
    folder
        Where the results are written.
    source_etag, step_version
        Written into the bundle.
    condensed
        The condensed file, for the features that are only there.
    upstream
        The measurement with the images, if they are in a basin.
    limits
        Limits of the sandboxed process; by default they depend on the size of the file.

    Raises
    ------
    MeasurementError
        If the file cannot be read, is not safe, or exceeds the limits.
    """
    made = folder / "view"
    answer = sandbox.call(
        "overview",
        {
            "source_etag": source_etag,
            "step_version": step_version,
            "mapping": upstream and upstream.mapping,
        },
        limits=limits or limits_of(file),
        source=None if upstream is None else upstream.source,
        readable=[path for path in (file, condensed) if path is not None],
        writable=made,
    )
    try:
        summary = OverviewSummary.from_json(answer)
    except (TypeError, KeyError, AttributeError) as error:
        raise SandboxCrashError("The summary of the overview is incomplete.") from error
    return _split(made, folder, summary)


def _split(made: Path, folder: Path, summary: OverviewSummary) -> Overview:
    """Cut the picture off the end of the file; what is left is the bundle."""
    sizes = summary.size, summary.preview_size
    if min(sizes) < 0 or made.stat().st_size != sum(sizes):
        raise SandboxCrashError("The overview has another size than its summary says.")
    if not summary.preview_size:
        return Overview(made, None, summary)
    preview = folder / "preview.jpg"
    with made.open("r+b") as file:
        file.seek(summary.size)
        preview.write_bytes(file.read())
        file.truncate(summary.size)
    return Overview(made, preview, summary)
