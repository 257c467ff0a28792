"""The record of a measurement, as the pipeline wrote it into the database.

A measurement that was registered just now may have none yet: the request then asks the pipeline to
hurry and waits for a limited time. The step that describes a measurement has one runner at a time,
so any number of waiting requests causes one description.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline import records, states
from dcor_shared.pipeline.enqueue import enqueue
from dcor_shared.pipeline.model import RecordRow
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_serve import config

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcor_shared.pipeline.records import Record

    from ckanext.dc_serve.subject import Subject

#: Step of the pipeline that writes ``Record.original``.
DESCRIBE = "describe"
#: Seconds between two looks into the database: first, then growing up to the second value.
_PAUSES = (0.02, 0.25)


class RecordUnavailableError(Exception):
    """What the measurement contains is not known, so nothing can be said about it."""


class NotDescribedError(RecordUnavailableError):
    """The pipeline gave up on this measurement; see its step ``describe``."""


class DescriptionPendingError(RecordUnavailableError):
    """The pipeline did not describe the measurement in time; ask again later."""


def load(subject: Subject) -> Record:
    """The record of a measurement; waits for it for as long as the site allows.

    Raises
    ------
    NotDescribedError
        If the measurement could not be described.
    DescriptionPendingError
        If it was not described in time.
    """
    if subject.etag is None:
        raise NotDescribedError(f"Resource {subject.id} has no object in the store.")
    record = _present(subject)
    if record is None:
        enqueue([subject.id])
        record = wait_for(lambda: _present(subject), config.record_wait())
    if record is None:
        raise DescriptionPendingError(
            f"Resource {subject.id} is not described yet; is a worker running? See `dcor jobs`."
        )
    return record


def has_condensed(resource_id: str) -> bool:
    """Whether the pipeline made a condensed file of this resource."""
    statement = sa.select(RecordRow.condensed.is_not(None)).where(
        RecordRow.resource_id == resource_id
    )
    return bool(model.Session.execute(statement).scalar())


def _present(subject: Subject) -> Record | None:
    """The record of the present object, None if the pipeline still owes it."""
    record = records.load(model.Session, subject.id)
    # a record of another object than the present one says nothing about this one
    if record is not None and record.original is not None and record.etag == subject.etag:
        return record
    _check_not_failed(subject)
    return None


def _check_not_failed(subject: Subject) -> None:
    for step in states.status(model.Session, [subject.id])[subject.id]:
        if step.step == DESCRIBE and step.state in {StepState.FAILED, StepState.SKIPPED}:
            raise NotDescribedError(f"Resource {subject.id} was not described: {step.error_text}")


def wait_for(look: Callable[[], Record | None], seconds: float) -> Record | None:
    """What `look` finds, tried again and again for some time; None if it finds nothing."""
    deadline = time.monotonic() + seconds
    pause, longest = _PAUSES
    while time.monotonic() + pause < deadline:
        time.sleep(pause)
        if (found := look()) is not None:
            return found
        pause = min(pause * 2, longest)
    return None
