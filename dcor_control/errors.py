"""The base of all errors that are told to people instead of being traced."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the exit code of ``dcor`` means."""

    GOOD = 0
    INTERNAL = 1
    USAGE = 2
    DRIFT = 3
    FAILED_CHECKS = 4
    FIX_FAILED = 5
    LOCKED = 6


class ControlError(Exception):
    """Something is wrong that the person at the terminal can do something about.

    Its text says what is wrong and what to do next.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED_CHECKS
