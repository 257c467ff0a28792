"""What a supervisor needs to know of a program that runs in the foreground."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    """A program of an instance, run in the foreground by the supervisor.

    Attributes
    ----------
    name
        Name of the program within the instance.
    command
        Program and arguments; holds no secret.
    env
        Variables that are set in addition to the supervisor's own.
    stop_signal, stop_seconds
        How the program is asked to end, and how long it may take.
    """

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 20
