"""Names on the screen what is being done, and how long it took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

_WIDTH = 60


@dataclass
class Stage:
    """A stage that is under way; `note` is shown with it."""

    title: str
    status: Status
    note: str = ""

    def update(self, note: str) -> None:
        """Show what the stage is busy with."""
        self.status.update(f"{escape(self.title)} [dim]{escape(note)}[/dim]")


@dataclass(frozen=True)
class Stages:
    """Writes one line per finished stage.

    Attributes
    ----------
    console
        Where to write.
    started
        Moment from which the whole is timed [seconds of the epoch].
    """

    console: Console = field(default_factory=lambda: Console(highlight=False))
    started: float = field(default_factory=time.time)

    @contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        """Time what is done in the context; a failure is marked and passed on."""
        began = time.monotonic()
        with self.console.status(escape(title)) as status:
            stage, mark = Stage(title, status), "[red]✗[/red]"
            try:
                yield stage
                mark = "[green]✓[/green]"
            finally:
                self._line(mark, stage, began)

    def say(self, text: str) -> None:
        """Write a line that belongs to the present stage."""
        self.console.print(f"    {escape(text)}", soft_wrap=True)

    @property
    def seconds(self) -> float:
        """Seconds since everything began."""
        return time.time() - self.started

    def _line(self, mark: str, stage: Stage, began: float) -> None:
        text = f"{stage.title} {f'({stage.note})' if stage.note else ''}".strip()
        seconds = time.monotonic() - began
        self.console.print(f"{mark} {escape(text):<{_WIDTH}} {seconds:6.1f} s", soft_wrap=True)
