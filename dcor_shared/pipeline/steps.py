"""What a processing step is: its declaration, what it is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dcor_shared.measurement.sources import ByteSource
    from dcor_shared.objects.names import Artifact
    from dcor_shared.objects.store import ObjectStore


class Queue(StrEnum):
    """The queues that workers listen on."""

    SHORT = "dcor-short"
    NORMAL = "dcor-normal"
    LONG = "dcor-long"


class Reads(StrEnum):
    """What a step reads of the object: this decides how the runner prepares it."""

    NOTHING = "nothing"
    RANGES = "ranges"
    FILE = "file"


class StepState(StrEnum):
    """State of one step of one resource."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class PermanentFailureError(Exception):
    """A step cannot succeed with this object: no retry; `code` and text are kept for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class ResourceFacts:
    """What steps may know of a resource; read from the database when the step starts."""

    id: str
    package_id: str
    circle_id: str
    name: str
    mimetype: str | None
    size: int
    etag: str
    position: int
    is_public: bool

    @property
    def is_measurement(self) -> bool:
        """Whether the name says that this is a DC measurement (suffix exactly .rtdc or .dc)."""
        return self.name.rpartition(".")[2] in {"rtdc", "dc"} and "." in self.name


@dataclass(frozen=True)
class StepContext:
    """What the runner hands to a step.

    Attributes
    ----------
    resource
        Facts at the time the step starts.
    store
        The object store.
    site_url
        Public URL of the site.
    scratch
        Folder of this run; removed afterwards.
    source
        Random access to the bytes of the object (``Reads.RANGES``), else None.
    file
        The scratch copy (``Reads.FILE``), else None; shared by all file steps, read only.
    sha256
        Hex digest of the scratch copy, computed while it was downloaded.
    made
        Artifacts that steps before this one have stored in the same run; read only.
    """

    resource: ResourceFacts
    store: ObjectStore
    site_url: str
    scratch: Path
    source: ByteSource | None = None
    file: Path | None = None
    sha256: str | None = None
    made: Mapping[Artifact, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class ArtifactFile:
    """A file that a step made; the runner stores it atomically and publishes it if need be."""

    artifact: Artifact
    path: Path
    content_type: str


@dataclass(frozen=True)
class StepResult:
    """What a step gives back.

    Attributes
    ----------
    fields
        Values for the resource dictionary; written by the runner without touching
        ``metadata_modified``.
    record
        Top-level keys to merge into the record of the resource (see ``records.py``).
    artifacts
        Files to store beside the original.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    artifacts: tuple[ArtifactFile, ...] = ()


def _always(_facts: ResourceFacts) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """Declaration of a step, given by a plugin through ``IPipelineSteps``.

    Attributes
    ----------
    name
        Unique name, one word, a verb (``describe``, ``hash``, ``condense``).
    version
        Raised when the result of the step changes.
    run
        The work: a plain function.
    queue, needs, reads
        Where it runs, which steps must be done before, what it reads.
    after
        Steps that must have ended before, however they ended, if anybody declares them. Use it
        to let file steps start together, so that the object is downloaded once.
    timeout
        Seconds after which the step is stopped.
    applies
        Whether the step makes sense for this resource; otherwise its state is ``skipped``.
    title
        What people read on the resource page.
    """

    name: str
    version: int
    run: Callable[[StepContext], StepResult]
    title: str
    queue: Queue = Queue.NORMAL
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    reads: Reads = Reads.NOTHING
    timeout: int = 300
    applies: Callable[[ResourceFacts], bool] = _always
