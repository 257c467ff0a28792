"""What can be wrong with a request, as JSON for programs: ``{"error": code, "message": text}``."""

from __future__ import annotations

from typing import ClassVar


class RequestError(Exception):
    """A request cannot be answered.

    Attributes
    ----------
    code
        Stable name of the reason.
    status
        HTTP status.
    text
        What is wrong and what to do next, for people.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    text: str = "The request cannot be answered."

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or self.text)
        if text:
            self.text = text


class NotFoundError(RequestError):
    """There is nothing here for this user; why is not said."""

    code, status = "not-found", 404
    text = "Resource not found"


class NoMeasurementError(RequestError):
    """The resource is no DC measurement."""

    code, status = "no-measurement", 404
    text = "The resource is no DC measurement."


class NoOverviewError(RequestError):
    """The overview was not made yet, or could not be made."""

    code, status = "no-overview", 404
    text = "There is no overview of this measurement (yet); the state of its processing says why."


class NoEventError(RequestError):
    """The measurement has fewer events."""

    code, status = "no-event", 404


class NoSuchTextError(RequestError):
    """There is no log or table with this name."""

    code, status = "no-such-name", 404
    text = "There is no log or table with this name."


class BadParametersError(RequestError):
    """A parameter is missing or makes no sense."""

    code, status = "bad-parameters", 400


class TooManyError(RequestError):
    """More was asked for than one answer may hold."""

    code, status = "too-many", 400


class RangeError(RequestError):
    """The range lies beyond the end."""

    code, status = "bad-range", 416
    text = "The range lies beyond the end of the overview."


class UnreadableError(RequestError):
    """The measurement cannot be read, or not this part of it."""

    code, status = "unreadable", 422


class BusyError(RequestError):
    """Others use all that there is."""

    code, status = "busy", 503


class StoreUnavailableError(RequestError):
    """The object store does not answer."""

    code, status = "store-unavailable", 503
    text = "The object store cannot be reached at the moment; please try again later."
