"""Queries that only version 3 of ``dcserv`` knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import states

from ckanext.dc_serve import records
from ckanext.dc_serve.features.answer import feature

if TYPE_CHECKING:
    from datetime import datetime

    from dcor_shared.pipeline.states import StepStatus

    from ckanext.dc_serve.subject import Subject

__all__ = ["feature", "statistics", "status"]


def status(subject: Subject, _parameters: object) -> dict[str, Any]:
    """State of every processing step of a measurement, and what it has brought about so far."""
    steps = states.status(model.Session, [subject.id])[subject.id]
    record = subject.record
    return {
        "finished": bool(steps) and all(step.is_final for step in steps),
        "described": record is not None and record.is_described,
        "condensed": record is not None and record.is_condensed,
        "steps": [_step(step) for step in steps],
    }


def _step(step: StepStatus) -> dict[str, Any]:
    return {
        "step": step.step,
        "title": step.title,
        "state": str(step.state),
        "attempt": step.attempt,
        "error": None
        if step.error_code is None
        else {"code": step.error_code, "text": step.error_text},
        "created": _time(step.created),
        "started": _time(step.started),
        "finished": _time(step.finished),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def statistics(subject: Subject, _parameters: object) -> dict[str, Any]:
    """Statistics of every scalar feature, computed when the measurement was condensed.

    Raises
    ------
    ValidationError
        If it was not condensed.
    """
    _original, condensed = records.load(subject, "statistics")
    if not condensed:
        raise tk.ValidationError(
            f"Statistics of resource {subject.id} are not available before it was condensed;"
            " ask for its 'status'."
        )
    return dict(sorted(condensed.items()))
