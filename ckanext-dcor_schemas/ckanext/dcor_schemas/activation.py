"""Activation: the last look at a dataset before it is frozen.

Before CKAN's action opens its transaction, :func:`prepare` compares every object with what was
registered and waits for the check of the measurements. The validator of ``state`` calls
:func:`require_valid_measurement`, which only reads the verdicts.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import enqueue

from ckanext.dcor_schemas import config, messages
from ckanext.dcor_schemas.suffixes import is_measurement
from ckanext.dcor_schemas.uploads import comparison

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds between two looks at the database while a check is running.
_POLL = 0.05
#: States of the step in which a verdict may still come.
_UNFINISHED = {"pending", "running"}

_CHECKS = sa.text("""
SELECT r.id, r.name, r.size, r.extras, s.state, s.error_text, d.etag,
       d.original -> 'valid' = 'true'::jsonb AS valid, d.original -> 'cues' AS cues
FROM resource r
LEFT JOIN dcor_step s ON s.resource_id = r.id AND s.step = 'describe'
LEFT JOIN dcor_record d ON d.resource_id = r.id
WHERE r.package_id = :package_id AND r.state = 'active'
ORDER BY r.position
""")


class Verdict(Enum):
    """What the checks of one measurement, or of a dataset, say."""

    VALID = "valid"
    PENDING = "pending"
    INVALID = "invalid"


@dataclass(frozen=True)
class Check:
    """The check of one resource.

    Attributes
    ----------
    resource_id, name
        Which resource.
    verdict
        What is known.
    reason
        Why it is not valid; empty if nothing is known.
    """

    resource_id: str
    name: str
    verdict: Verdict
    reason: str = ""


def require_valid_measurement(package_id: str, resources: Iterable[dict[str, Any]]) -> None:
    """Refuse an activation unless one measurement of the dataset was found to be valid.

    Parameters
    ----------
    package_id
        The stored dataset.
    resources
        The resources it is going to have.

    Raises
    ------
    ckan.plugins.toolkit.Invalid
        With the text that clients know.
    """
    wanted = {resource.get("id") for resource in resources}
    if not wanted:
        raise tk.Invalid(messages.NO_RESOURCES)
    checks = [check for check in read_checks(package_id) if check.resource_id in wanted]
    verdict = overall(checks)
    if verdict is Verdict.INVALID:
        raise tk.Invalid(with_reasons(messages.NO_MEASUREMENT, checks))
    if verdict is Verdict.PENDING:
        raise tk.Invalid(STILL_RUNNING)


STILL_RUNNING = (
    "Cannot activate the dataset yet: the check of its measurements is still running;"
    " try again in a minute"
)


def overall(checks: Iterable[Check]) -> Verdict:
    """One valid measurement is enough; while one may still turn out valid, nothing is decided."""
    verdicts = {check.verdict for check in checks}
    for verdict in (Verdict.VALID, Verdict.PENDING):
        if verdict in verdicts:
            return verdict
    return Verdict.INVALID


def with_reasons(text: str, checks: Iterable[Check]) -> str:
    """A refusal with what is wrong with each measurement."""
    reasons = [f"{check.name}: {check.reason}" for check in checks if check.reason]
    return f"{text} ({'; '.join(reasons)})" if reasons else text


def read_checks(package_id: str) -> list[Check]:
    """The checks of all resources of a dataset, in their order; one statement."""
    rows = model.Session.execute(_CHECKS, {"package_id": package_id})
    return [_check(row) for row in rows]


def _check(row: Any) -> Check:
    etag = _extras(row.extras).get("etag")
    if row.valid is not None and row.etag == etag:
        verdict = Verdict.VALID if row.valid else Verdict.INVALID
        return Check(row.id, row.name, verdict, "" if row.valid else _cues(row.cues))
    if row.state in _UNFINISHED or _is_unplanned(row, etag):
        return Check(row.id, row.name, Verdict.PENDING)
    return Check(row.id, row.name, Verdict.INVALID, row.error_text or "")


def _is_unplanned(row: Any, etag: object) -> bool:
    """Whether the check of a measurement has yet to be noted, by reconciliation."""
    return row.state is None and bool(etag) and is_measurement(row.name or "")


def _extras(text: str | None) -> dict[str, Any]:
    extras = json.loads(text or "{}")
    return extras if isinstance(extras, dict) else {}


def _cues(cues: object) -> str:
    """What the check found, as one text."""
    return ", ".join(map(str, cues)) if isinstance(cues, list) else ""


# Before the transaction


def prepare_activation(package_id: str, circle_id: str) -> None:
    """Compare all objects with the registered resources and wait for the verdict.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        If an object is missing or is not the registered one.
    """
    comparison.require_registered_objects(package_id, circle_id)
    wait_for_verdict(package_id)


def wait_for_verdict(package_id: str) -> Verdict:
    """Wait until the checks decide, for the time of the option ``activation_wait``."""
    end = time.monotonic() + config.activation_wait()
    checks = read_checks(package_id)
    pending = [check.resource_id for check in checks if check.verdict is Verdict.PENDING]
    if pending and overall(checks) is Verdict.PENDING:
        enqueue.enqueue(pending)
    while (verdict := overall(checks)) is Verdict.PENDING and time.monotonic() < end:
        time.sleep(_POLL)
        checks = read_checks(package_id)
    return verdict
