"""The record of a measurement, as the pipeline wrote it into the database.

A web process keeps the parts of records that were asked for; which version of a record is the
present one it learns with every request, so nothing outdated is ever used.

A measurement that was registered just now may have no record yet: the request then asks the
pipeline to hurry and waits for a limited time, outside of the web process if possible. The step
that describes a measurement has one runner at a time, so any number of waiting requests causes one
description.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NoReturn

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import states
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.enqueue import enqueue
from dcor_shared.pipeline.model import RecordRow
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_serve import config, timing
from ckanext.dc_serve.memory import BoundedCache
from ckanext.dc_serve.subject import look_up
from ckanext.dc_serve.waiting import marks, turns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ckanext.dc_serve.subject import RecordVersion, Subject

#: Steps of the pipeline that describe the original and the condensed file.
DESCRIBE, CONDENSE = "describe", "condense"
#: Seconds between two looks into the database: first, then growing up to the second value.
_PAUSES = (0.01, 0.05)
#: Python needs about so many bytes for a byte of JSON.
_MEMORY_PER_BYTE = 4
#: Parts of a record that are loaded one by one: most clients never ask for tables. Each is a JSON
#: object with what it takes of the original and of the condensed file (null if there is none).
_PARTS = {
    "head": (
        "original - '{tables,logs,dc_config,notes}'::text[]",
        "condensed - '{logs,columns,original_columns,statistics}'::text[]",
    ),
    "logs": ("original->'logs'", "condensed->'logs'"),
    "tables": ("original->'tables'", "'null'::jsonb"),
    "columns": (
        "condensed->'original_columns'",
        "jsonb_build_object('etag', condensed->'etag', 'columns', condensed->'columns')",
    ),
    "statistics": ("'null'::jsonb", "condensed->'statistics'"),
}
_LOAD = {
    part: sa.text(
        f"SELECT CAST({original} AS text), CAST({condensed} AS text)"  # noqa: S608
        " FROM dcor_record WHERE resource_id = :resource_id"
    )
    for part, (original, condensed) in _PARTS.items()
}
_cache = BoundedCache(config.record_cache)

# Work was done already, but its result is gone (a database from a backup, a restored resource).
_DESCRIBE_AGAIN = sa.text("""
UPDATE dcor_step SET state = 'pending', attempt = 0, started = NULL, finished = NULL,
  worker = NULL, lease_until = NULL,
  not_before = clock_timestamp() + CASE WHEN step = :first THEN 0 ELSE 10 END * interval '1 s'
WHERE resource_id = :resource_id AND step IN (:first, :second) AND state = 'done' AND etag = :etag
  AND NOT EXISTS (SELECT 1 FROM dcor_record r WHERE r.resource_id = :resource_id
                  AND r.etag = :etag AND r.original IS NOT NULL)
""")

# the etag is looked for as text: extras are untrusted, one that is no JSON would fail for all
_STILL_PENDING = sa.text("""
SELECT r.id FROM resource r
WHERE r.id = ANY(:ids) AND r.state = 'active'
  AND NOT EXISTS (SELECT 1 FROM dcor_record d WHERE d.resource_id = r.id
                  AND strpos(r.extras, '"' || d.etag || '"') > 0 AND d.original IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM dcor_step s WHERE s.resource_id = r.id AND s.step = :first
                  AND s.state IN ('failed', 'skipped'))
""").bindparams(first=DESCRIBE)


class RecordUnavailableError(Exception):
    """What the measurement contains is not known, so nothing can be said about it."""


class NotDescribedError(RecordUnavailableError):
    """The pipeline gave up on this measurement; see its step ``describe``."""


class DescriptionPendingError(RecordUnavailableError):
    """The pipeline did not describe the measurement in time; ask again later."""


class SetAsideError(tk.ObjectNotFound):
    """The request waits elsewhere. CKAN notes this kind of errors in no log; no client sees it."""


def load(subject: Subject, part: str) -> tuple[Any, Any]:
    """A part of the record: what it says of the original and of the condensed file.

    Parameters
    ----------
    subject
        The measurement.
    part
        ``head`` (everything but the following), ``logs``, ``tables``, ``columns`` or
        ``statistics``.

    Returns
    -------
    original, condensed
        JSON values; None where nothing is known. Not to be changed.

    Raises
    ------
    NotDescribedError
        If the measurement could not be described.
    DescriptionPendingError
        If it was not described in time.
    """
    with timing.measured("record"):
        version = _version(subject)
        key = (subject.id, version.etag, version.modified, part)
        found: tuple[Any, Any] = _cache.get(key, lambda: _read(subject.id, part))
    return found


def forget() -> None:
    """Empty the memory of this process."""
    _cache.clear()


def has_condensed(resource_id: str) -> bool:
    """Whether the pipeline made a condensed file of this resource."""
    statement = sa.select(RecordRow.condensed.is_not(None)).where(
        RecordRow.resource_id == resource_id
    )
    return bool(model.Session.execute(statement).scalar())


def _read(resource_id: str, part: str) -> tuple[tuple[Any, Any], int]:
    row = model.Session.execute(_LOAD[part], {"resource_id": resource_id}).one_or_none()
    if row is None:
        raise DescriptionPendingError(f"The record of resource {resource_id} was just removed.")
    original, condensed = (None if text is None else json.loads(text) for text in row)
    return (original, condensed), _MEMORY_PER_BYTE * sum(len(text or "") for text in row)


def _version(subject: Subject) -> RecordVersion:
    if subject.record is not None and subject.record.is_described:
        return subject.record
    if subject.etag is None:
        raise NotDescribedError(f"Resource {subject.id} has no object in the store.")
    if marks.may_be_set_aside():
        _set_aside(subject)
    _check_not_failed(subject)
    _order_description(subject)
    found = _present(subject) if marks.is_asked_again() else _wait_in_turn(subject)
    if found is None:
        raise DescriptionPendingError(
            f"Resource {subject.id} is not described yet; is a worker running? See `dcor jobs`."
        )
    return found


def _set_aside(subject: Subject) -> NoReturn:
    """Let the present request wait outside of the web process."""
    if not marks.is_awaited(subject.id):
        _check_not_failed(subject)
        _order_description(subject)
    marks.set_aside(subject.id)
    raise SetAsideError


def _wait_in_turn(subject: Subject) -> RecordVersion | None:
    with turns.turn() as is_mine:
        seconds = config.record_wait() if is_mine else 0
        return wait_for(lambda: _present(subject), seconds)


def pending(resource_ids: Collection[str]) -> set[str]:
    """Those of the resources that are neither described nor known to be beyond description."""
    with session() as own:
        return set(own.execute(_STILL_PENDING, {"ids": list(resource_ids)}).scalars())


def _order_description(subject: Subject) -> None:
    given = {
        "resource_id": subject.id,
        "first": DESCRIBE,
        "second": CONDENSE,
        "etag": subject.etag,
    }
    with session() as own:
        own.execute(_DESCRIBE_AGAIN, given)
    enqueue([subject.id])


def _present(subject: Subject) -> RecordVersion | None:
    """The record of the present object, None if the pipeline still owes it."""
    version = look_up(subject.id).record
    if version is not None and version.is_described:
        return version
    _check_not_failed(subject)
    return None


def _check_not_failed(subject: Subject) -> None:
    for step in states.status(model.Session, [subject.id])[subject.id]:
        if step.step == DESCRIBE and step.state in {StepState.FAILED, StepState.SKIPPED}:
            raise NotDescribedError(f"Resource {subject.id} was not described: {step.error_text}")


def wait_for(look: Callable[[], RecordVersion | None], seconds: float) -> RecordVersion | None:
    """What `look` finds, tried again and again for some time; None if it finds nothing."""
    if (found := look()) is not None:
        return found
    deadline = time.monotonic() + seconds
    pause, longest = _PAUSES
    while time.monotonic() + pause < deadline:
        time.sleep(pause)
        if (found := look()) is not None:
            return found
        pause = min(pause * 2, longest)
    return None
