"""Condensing many measurements, one after the other or in several processes."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from ckan import model

from dcor_shared.pipeline import catching_up
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_serve import steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from dcor_shared.pipeline.catching_up import Selected


class Result(StrEnum):
    """What became of a resource."""

    DONE = "condensed"
    FAILED = "failed"
    WANTED = "to be condensed"
    LEFT = "left alone"


@dataclass(frozen=True)
class Outcome:
    """What became of a resource.

    Attributes
    ----------
    resource_id, name
        The resource.
    result
        What was done.
    seconds
        How long it took.
    error, details
        Why it failed: a code or the name of an exception, and all there is to say.
    """

    resource_id: str
    name: str
    result: Result
    seconds: float = 0.0
    error: str = ""
    details: str = ""


def process_all(
    selected: Iterable[Selected], *, override: bool, dry_run: bool, jobs: int
) -> Iterator[Outcome]:
    """Condense what should be condensed; outcomes as they come.

    Parameters
    ----------
    selected
        Resources to look at.
    override
        Also those that are condensed already.
    dry_run
        Change nothing.
    jobs
        Number of processes; 1: this one.
    """
    work = partial(process, override=override, dry_run=dry_run)
    if jobs == 1:
        yield from map(work, selected)
        return
    # forked, because loading CKAN takes seconds; limits of time need a main thread
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_afresh) as pool:
        futures = {pool.submit(work, one): one for one in selected}
        for future in as_completed(futures):
            yield _outcome(future, futures[future])


def _outcome(future: Future[Outcome], selected: Selected) -> Outcome:
    """What a process says; one that was killed can say nothing, and takes the others with it."""
    try:
        return future.result()
    except BrokenProcessPool as broken:
        name = type(broken).__name__
        return Outcome(
            selected.resource_id, selected.name, Result.FAILED, error=name, details=str(broken)
        )


def process(selected: Selected, *, override: bool, dry_run: bool) -> Outcome:
    """Condense one resource if it should be; never raises an ordinary exception."""
    started = time.monotonic()
    try:
        result, error, details = _processed(selected, override=override, dry_run=dry_run)
    except Exception as failure:  # noqa: BLE001 - told to the administrator; the others go on
        result, error = Result.FAILED, type(failure).__name__
        details = traceback.format_exc()
    seconds = time.monotonic() - started
    return Outcome(selected.resource_id, selected.name, result, seconds, error, details)


def _processed(selected: Selected, *, override: bool, dry_run: bool) -> tuple[Result, str, str]:
    if not catching_up.is_wanted(selected.resource_id, steps.CONDENSE, "condensed", again=override):
        return Result.LEFT, "", ""
    if dry_run:
        return Result.WANTED, "", ""
    status = catching_up.do(selected.resource_id, steps.CONDENSE)
    if status is None:
        return Result.LEFT, "", ""
    if status.state == StepState.DONE:
        return Result.DONE, "", ""
    # another worker was faster, or it is tried again later: no reason is noted then
    code = status.error_code or f"Not condensed ({status.state})"
    return Result.FAILED, code, status.error_text or ""


def _start_afresh() -> None:
    """Leave the connections of the parent process alone."""
    model.Session.remove()
    model.meta.engine.dispose(close=False)
