"""Parameters of requests, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.dc_view import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Lines or rows of one answer.
MOST_ROWS, USUAL_ROWS = 5000, 1000
#: Events of one answer.
MOST_EVENTS = 96
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True)
class Page:
    """A piece of a long list: the first index and the number of items."""

    start: int
    count: int


def number(arguments: Mapping[str, str], name: str, default: int) -> int:
    """A whole number ≥ 0.

    Raises
    ------
    BadParametersError
        If it is something else.
    """
    text = arguments.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 15:  # noqa: PLR2004
        raise errors.BadParametersError(f"'{name}' has to be a whole number.")
    return int(text)


def text(arguments: Mapping[str, str], name: str) -> str | None:
    """A text, None if it is not given.

    Raises
    ------
    BadParametersError
        If it has characters that the database does not store.
    """
    found = arguments.get(name)
    if found is not None and "\0" in found:
        raise errors.BadParametersError(f"'{name}' has characters that no text has.")
    return found


def page(arguments: Mapping[str, str]) -> Page:
    """Which piece is wanted (``start``, ``count``).

    Raises
    ------
    BadParametersError, TooManyError
        If they make no sense, or too many items are wanted.
    """
    count = number(arguments, "count", USUAL_ROWS)
    if count > MOST_ROWS:
        raise errors.TooManyError(f"At most {MOST_ROWS} are given at once.")
    return Page(number(arguments, "start", 0), count)


def index(text: str) -> int:
    """Number of an event in an address; there is nothing at addresses without a number.

    Raises
    ------
    NotFoundError
        If it is none.
    """
    if not text.isascii() or not text.isdecimal():
        raise errors.NotFoundError
    return int(text)


def indices(arguments: Mapping[str, str]) -> list[int]:
    """Indices of events (``indices=3,17``).

    Raises
    ------
    BadParametersError, TooManyError
        If they make no sense, or there are too many.
    """
    parts = [part for part in arguments.get("indices", "").split(",") if part]
    if len(parts) > MOST_EVENTS:
        raise errors.TooManyError(f"At most {MOST_EVENTS} events are given at once.")
    if not parts:
        raise errors.BadParametersError("'indices' has to name events, such as 3,17.")
    return [number({"indices": part}, "indices", 0) for part in parts]


def byte_range(header: str | None, size: int, most: int) -> tuple[int, int] | None:
    """First and last byte (exclusive) of a request for one range; None for everything.

    Raises
    ------
    RangeError
        If the range lies beyond the end.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.group(1) == match.group(2) == "":
        # several ranges, other units and nonsense are to be ignored (RFC 9110)
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < start:
            return None
    if start >= size or stop <= start:
        raise errors.RangeError
    return start, min(stop, start + most)
