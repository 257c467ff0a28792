"""Everything that can be wrong with a measurement file, by name.

Each error has a stable `code` for programs, a text for people, and says whether trying again can
help. They cross the border of the sandbox by the name of their class, so a text must never hold
a local path or a credential.
"""

from __future__ import annotations

from typing import ClassVar


class MeasurementError(Exception):
    """Something is wrong with a measurement or with looking into it.

    Attributes
    ----------
    code
        Stable name of the broken rule, the same for every error of a class.
    permanent
        Whether the same bytes will always fail; otherwise a later attempt may succeed.
    text
        What is wrong and what to do next, for people.
    """

    code: ClassVar[str] = "measurement"
    permanent: bool = True
    by_name: ClassVar[dict[str, type[MeasurementError]]] = {}

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __init_subclass__(cls) -> None:
        """Register the class, so that it can be raised again outside of the sandbox."""
        MeasurementError.by_name[cls.__name__] = cls


class UnreadableFileError(MeasurementError):
    """The file cannot be read as a measurement."""

    code = "unreadable"


class NotHdf5Error(UnreadableFileError):
    """The file is not HDF5 at all."""

    code = "not-hdf5"


class TruncatedFileError(UnreadableFileError):
    """The file is shorter than it says."""

    code = "truncated"


class NotClosedError(UnreadableFileError):
    """The recording software never closed the file."""

    code = "not-closed"


class NoEventsError(UnreadableFileError):
    """There is nothing measured in the file."""

    code = "no-events"


class EventCountError(UnreadableFileError):
    """The file says that it has more events than it has."""

    code = "event-count"


class NoSuchEventError(MeasurementError):
    """The measurement has fewer events than was asked for."""

    code = "no-event"


class NoPictureError(MeasurementError):
    """There is no picture of this kind of an event."""

    code = "unreadable"


class UnsafeFileError(MeasurementError):
    """The file breaks a rule that protects the server; it is never opened any further."""

    code = "unsafe"


class UserBlockError(UnsafeFileError):
    """Foreign bytes stand before the HDF5 data."""

    code = "user-block"


class ExternalLinkError(UnsafeFileError):
    """A link leads out of the file."""

    code = "external-link"


class SoftLinkError(UnsafeFileError):
    """A soft link leads nowhere, in circles, to a group or out of the file."""

    code = "soft-link"


class LinkLoopError(UnsafeFileError):
    """A group can be reached in more than one way."""

    code = "link-loop"


class BasinPathError(UnsafeFileError):
    """An internal basin leads to places that are no basin."""

    code = "basin-path"


class ExternalStorageError(UnsafeFileError):
    """The raw data of a dataset lie in another file."""

    code = "external-storage"


class VirtualDatasetError(UnsafeFileError):
    """A dataset is put together from other datasets."""

    code = "virtual-dataset"


class FilterNotAllowedError(UnsafeFileError):
    """A dataset is stored with a filter that is not allowed here."""

    code = "filter-not-allowed"


class LogicalSizeError(UnsafeFileError):
    """A dataset claims to be larger than its bytes can be."""

    code = "logical-size"


class ChunkSizeError(UnsafeFileError):
    """A single chunk of a dataset does not fit into memory."""

    code = "chunk-size"


class NestingError(UnsafeFileError):
    """Groups are nested too deeply."""

    code = "nesting"


class TooManyObjectsError(UnsafeFileError):
    """The file holds too many objects."""

    code = "too-many-objects"


class AttributeSizeError(UnsafeFileError):
    """An attribute is too large, or there are too many."""

    code = "attribute-size"


class DataTypeError(UnsafeFileError):
    """Data have a type that no measurement needs."""

    code = "data-type"


class ObjectNameError(UnsafeFileError):
    """An object has a name that no measurement needs."""

    code = "object-name"


class WrongRankError(UnsafeFileError):
    """A feature does not have the dimensions that its name promises."""

    code = "wrong-rank"


class SandboxError(MeasurementError):
    """The process that looked into the file came to an end without a result."""

    code = "sandbox"
    permanent = False


class SandboxUnavailableError(SandboxError):
    """No sandbox could be started; the file had no part in it."""

    code = "sandbox-unavailable"


class SandboxTimeoutError(SandboxError):
    """Looking into the file took longer than allowed.

    Permanent if the time was spent on computing; waiting for the source may be shorter next time.
    """

    code = "sandbox-timeout"


class SandboxMemoryError(SandboxError):
    """Looking into the file needed more memory than allowed."""

    code = "sandbox-memory"
    permanent = True


class SandboxFileSizeError(SandboxError):
    """The result is larger than allowed."""

    code = "sandbox-file-size"
    permanent = True


class SandboxSourceError(SandboxError):
    """Looking into the file read more of its bytes than allowed."""

    code = "sandbox-source"
    permanent = True


class SandboxCrashError(SandboxError):
    """The process died or failed in a way nobody foresaw.

    A signal that the process gives itself (such as a segmentation fault) is permanent; a kill from
    outside is not.
    """

    code = "sandbox-crash"
    permanent = True

    @classmethod
    def killed(cls) -> SandboxCrashError:
        """The error for a process that somebody else ended: worth another attempt."""
        error = cls("The process that looked into the file was ended from outside; try again.")
        error.permanent = False
        return error
