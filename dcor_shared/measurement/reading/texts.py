"""Texts: logs, and whatever else is stored as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.measurement.reading.bounds import Budget, members
from dcor_shared.measurement.reading.values import clean, jsonable

if TYPE_CHECKING:
    import h5py

#: Bytes and number of the logs of one file.
_MOST_BYTES, _MOST_LOGS = 10 * 1024**2, 5000
#: Lines read at once, and the bytes they may take up.
_LINES_AT_ONCE, _BYTES_AT_ONCE = 10_000, 64 * 1024**2


class NoTextError(ValueError):
    """A dataset does not hold lines of text."""


def check_is_text(dataset: h5py.Dataset) -> None:
    """Refuse what is not a list of texts.

    Raises
    ------
    NoTextError
        If the dataset does not hold lines of text.
    """
    import h5py

    if not isinstance(dataset, h5py.Dataset) or dataset.ndim != 1:
        raise NoTextError("no lines of text")
    if h5py.check_string_dtype(dataset.dtype) is None:
        raise NoTextError("no text")


def read_lines(dataset: h5py.Dataset, budget: Budget) -> tuple[list[str], bool]:
    """Lines of a text, and whether they are all.

    Raises
    ------
    NoTextError
        If the dataset does not hold lines of text.
    """
    check_is_text(dataset)
    lines: list[str] = []
    step = max(1, min(_LINES_AT_ONCE, _BYTES_AT_ONCE // max(dataset.dtype.itemsize, 1)))
    for start in range(0, len(dataset), step):
        for line in dataset[start : start + step]:
            text = jsonable(line)
            if not budget.take(len(text) + 3):
                return lines, False
            lines.append(text)
    return lines, True


def read_logs(h5file: h5py.File, notes: list[str]) -> dict[str, list[str]]:
    """All logs that are not empty, within 10 MiB."""
    logs: dict[str, list[str]] = {}
    budget = Budget(_MOST_BYTES)
    for name in members(h5file, "logs", _MOST_LOGS, notes):
        try:
            lines, complete = read_lines(h5file["logs"][name], budget)
        except (NoTextError, OSError, RuntimeError, UnicodeError):
            notes.append(f"The log '{name[:100]}' is left out: it cannot be read as text.")
            continue
        if not complete:
            notes.append(f"The log '{name[:100]}' is cut off: the logs are too large.")
        if lines:
            logs[clean(name)] = lines
    return logs
