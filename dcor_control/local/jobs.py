"""The pipeline's table of steps, read and changed without loading CKAN.

A step that is put back to ``pending`` is found by the reconciliation of the workers.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg2

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SELECT = """
SELECT s.resource_id, coalesce(r.name, ''), s.step, s.state, s.attempt,
       coalesce(s.error_code || ': ' || s.error_text, s.error_code, '')
FROM dcor_step s JOIN resource r ON r.id = s.resource_id
WHERE s.state = ANY(%s) ORDER BY s.created, s.resource_id, s.step LIMIT 1000
"""
# What was skipped because of a failed step waits for it again.
_REQUEUE = """
UPDATE dcor_step SET state = 'pending', attempt = 0, not_before = clock_timestamp(),
  started = NULL, finished = NULL, worker = NULL, lease_until = NULL,
  error_code = NULL, error_text = NULL
WHERE (state = 'failed' OR error_code = 'needs_failed') AND (%s IS NULL OR resource_id = %s)
"""


class NoDatabaseError(ControlError):
    """The instance's database cannot be reached."""


@dataclass(frozen=True)
class StepLine:
    """One step of one resource."""

    resource: str
    name: str
    step: str
    state: str
    attempt: int
    reason: str


def steps_in(database_url: str, states: Sequence[str]) -> list[StepLine]:
    """The oldest thousand steps in one of `states`."""
    with _cursor(database_url) as cursor:
        cursor.execute(_SELECT, [list(states)])
        return [StepLine(*row) for row in cursor.fetchall()]


def requeue(database_url: str, resource: str | None = None) -> int:
    """Give failed steps all their attempts again; the number of steps that wait now."""
    with _cursor(database_url) as cursor:
        cursor.execute(_REQUEUE, [resource, resource])
        return int(cursor.rowcount)


@contextmanager
def _cursor(database_url: str) -> Iterator[Any]:
    try:
        link = psycopg2.connect(database_url, connect_timeout=5)
    except psycopg2.OperationalError as error:
        raise NoDatabaseError(
            f"The database does not answer: is the instance running (`make start`)?\n{error}"
        ) from error
    try:
        with link, link.cursor() as cursor:
            yield cursor
    finally:
        link.close()
