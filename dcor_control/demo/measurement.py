"""The measurement of the demonstration: chosen, looked at before anything is uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcor_control.errors import ControlError
from dcor_shared.measurement.description import describe
from dcor_shared.measurement.errors import MeasurementError
from dcor_shared.measurement.sources import FileSource

if TYPE_CHECKING:
    from dcor_control.local.layout import Layout

SYNTHETIC_EVENTS = 2000
_SUFFIXES = {".rtdc", ".dc"}


class UnusableFileError(ControlError):
    """The file cannot be demonstrated; the message says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be used: {reason}")


@dataclass(frozen=True)
class LocalMeasurement:
    """A measurement on this machine.

    Attributes
    ----------
    path
        Where it is.
    name
        Name that the resource gets.
    events
        Number of events.
    etag
        What DCOR-Aid expects the object store to call these bytes.
    """

    path: Path
    name: str
    events: int
    etag: str


def synthetic(layout: Layout) -> Path:
    """A generated measurement of 2 000 events; made once and then kept."""
    from dcor_shared.testing.measurements import write_measurement

    path = layout.root / f"synthetic_{SYNTHETIC_EVENTS}.rtdc"
    if not path.exists():
        draft = path.with_suffix(".part.rtdc")
        write_measurement(draft, events=SYNTHETIC_EVENTS)
        draft.rename(path)
    return path


def examine(path: Path) -> LocalMeasurement:
    """Look into a measurement, in the sandbox that the server uses as well.

    Raises
    ------
    UnusableFileError
        If the server would refuse it, with the server's reason.
    """
    if not path.is_file():
        raise UnusableFileError(path, "there is no such file.")
    if path.suffix.lower() not in _SUFFIXES:
        raise UnusableFileError(path, "the name of a measurement ends in .rtdc or .dc.")
    try:
        found = describe(FileSource(path), name=path.name)
    except MeasurementError as error:
        raise UnusableFileError(path, f"{error.text} [{error.code}]") from error
    except OSError as error:
        raise UnusableFileError(path, f"it cannot be read ({error.strerror}).") from error
    if not found.valid:
        raise UnusableFileError(path, "; ".join(found.cues))
    return LocalMeasurement(path, _resource_name(path), found.event_count, _etag(path))


def _resource_name(path: Path) -> str:
    from dcoraid.upload.job import valid_resource_name

    return str(valid_resource_name(Path(path).name))


def _etag(path: Path) -> str:
    from dcoraid.common import etagsum

    return str(etagsum(path))
