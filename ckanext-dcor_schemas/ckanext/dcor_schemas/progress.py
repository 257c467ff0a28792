"""The processing of resources as pages show it: the same facts for a file and for a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcor_shared.pipeline.steps import StepState

from ckanext.dcor_schemas import processing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from dcor_shared.pipeline.states import StepStatus

#: Looks of a badge and words for the states of a step.
_BADGES = {
    StepState.PENDING: ("neutral", "waiting"),
    StepState.RUNNING: ("busy", "running"),
    StepState.DONE: ("good", "done"),
    StepState.FAILED: ("bad", "failed"),
    StepState.SKIPPED: ("neutral", "not needed"),
}
#: What other steps are told about a step whose needs have failed.
_NEEDS_FAILED = "needs_failed"
#: The most urgent state of several steps stands for all of them.
_URGENCY = (StepState.FAILED, StepState.RUNNING, StepState.PENDING, StepState.DONE)
#: The page of a dataset shows no more files than this; the others have pages of their own.
_MOST_FILES = 50


@dataclass(frozen=True)
class Line:
    """One step of one file.

    Attributes
    ----------
    title
        What is done.
    state, look, word
        How far it is: as the API says it, as a badge looks, in a word.
    attempt
        Number of times it was begun.
    begun, ended
        Times of the last attempt, with time zone.
    reason
        Why it failed, or why the last attempt did.
    """

    title: str
    state: StepState
    look: str
    word: str
    attempt: int
    begun: datetime | None
    ended: datetime | None
    reason: str

    @property
    def seconds(self) -> float | None:
        """How long the last attempt took."""
        if self.begun is None or self.ended is None:
            return None
        return (self.ended - self.begun).total_seconds()

    @property
    def is_unfinished(self) -> bool:
        """Whether something still happens by itself."""
        return self.state in {StepState.PENDING, StepState.RUNNING}

    @property
    def may_be_retried(self) -> bool:
        """Whether it failed, for good or so far."""
        waits = self.state is StepState.PENDING and self.attempt > 0
        return self.state is StepState.FAILED or waits


@dataclass(frozen=True)
class FileProgress:
    """The steps of one file; `headline` is the one that matters most."""

    id: str
    name: str
    lines: tuple[Line, ...]
    headline: Line

    @property
    def is_unfinished(self) -> bool:
        """Whether something still happens by itself."""
        return any(line.is_unfinished for line in self.lines)

    @property
    def may_be_retried(self) -> bool:
        """Whether there is something to try again."""
        return any(line.may_be_retried for line in self.lines)

    @property
    def is_done(self) -> bool:
        """Whether all is well."""
        return self.headline.state is StepState.DONE


@dataclass(frozen=True)
class DatasetProgress:
    """The files of a dataset that are or were processed, those with problems first.

    Attributes
    ----------
    files
        What is shown.
    number, done
        Number of files, and of those that are done.
    is_unfinished
        Whether something still happens by itself.
    """

    files: tuple[FileProgress, ...]
    number: int
    done: int
    is_unfinished: bool

    @property
    def more(self) -> int:
        """Number of files that are not shown."""
        return self.number - len(self.files)


def template_helpers() -> dict[str, Callable[..., Any]]:
    """Helpers by the names under which templates know them."""
    return {
        "dcor_schemas_progress_of_file": of_file,
        "dcor_schemas_progress_of_dataset": of_dataset,
    }


def of_file(resource: dict[str, Any]) -> FileProgress | None:
    """The processing of one resource; nothing if it was never processed."""
    found = processing.states_of([resource["id"]])
    return _file(resource, found[resource["id"]])


def of_dataset(resources: Sequence[dict[str, Any]]) -> DatasetProgress:
    """The processing of all resources of a dataset; one statement."""
    found = processing.states_of([resource["id"] for resource in resources])
    files = [_file(resource, found[resource["id"]]) for resource in resources]
    known = sorted((file for file in files if file), key=_urgency)
    return DatasetProgress(
        files=tuple(known[:_MOST_FILES]),
        number=len(known),
        done=sum(file.is_done for file in known),
        is_unfinished=any(file.is_unfinished for file in known),
    )


def _file(resource: dict[str, Any], steps: Iterable[StepStatus]) -> FileProgress | None:
    told = [step for step in steps if step.state is not StepState.SKIPPED or step.error_text]
    lines = tuple(_line(step) for step in told)
    headline = min(lines, key=lambda line: _rank(line.state), default=None)
    if headline is None:
        return None
    return FileProgress(resource["id"], resource.get("name") or resource["id"], lines, headline)


def _line(step: StepStatus) -> Line:
    look, word = _BADGES[step.state]
    reason = step.error_text or ""
    if step.error_code == _NEEDS_FAILED:
        word, reason = "left out", "A step before it failed"
    return Line(
        title=step.title,
        state=step.state,
        look=look,
        word=word,
        attempt=step.attempt,
        begun=step.started,
        ended=step.finished,
        reason=reason,
    )


def _urgency(file: FileProgress) -> int:
    return _rank(file.headline.state)


def _rank(state: StepState) -> int:
    return _URGENCY.index(state) if state in _URGENCY else len(_URGENCY)
