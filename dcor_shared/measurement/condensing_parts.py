"""Computing slow features on all cores: several sandboxed processes, each for some events."""

from __future__ import annotations

import os
import time
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import SandboxCrashError, SandboxMemoryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Plan = dict[str, Any]
    Slice = tuple[int, int]

#: Files up to this size are condensed by one process: dividing the work would take longer.
SMALL_BYTES = 8 * sandbox.MIB
#: Every process takes memory.
_PROCESSES = 8
#: What each of them may have at least: some pieces of images and masks of the largest size allowed.
_MEMORY_BYTES = sandbox.GIB
#: Slices per process, so that a core that has other things to do does not keep the others waiting.
_SLICES_PER_PROCESS = 2


@dataclass(frozen=True)
class Computed:
    """What was computed, if dividing the work was worth it.

    Attributes
    ----------
    planned
        Names of the features; those that no part has cannot be computed in this way.
    parts
        Descriptions of the parts, see :mod:`dcor_shared.measurement.condensed.parts`.
    files
        Their files.
    """

    planned: list[str] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def compute_parts(file: Path, folder: Path, limits: sandbox.Limits) -> Computed:
    """Compute the slow features of a measurement.

    Parameters
    ----------
    file
        The measurement.
    folder
        Empty folder for the results.
    limits
        Limits of one process that does everything. Those that share the work share the memory, but
        each may have 1 GiB: on many cores all together may have more. Where this is too little for
        one of them, nothing is computed.

    Raises
    ------
    MeasurementError
        If the file cannot be read, is not safe, or exceeds the limits.
    """
    if file.stat().st_size <= SMALL_BYTES:
        return Computed()
    try:
        return _compute_parts(file, folder, limits)
    except SandboxMemoryError:
        return Computed()


def _compute_parts(file: Path, folder: Path, limits: sandbox.Limits) -> Computed:
    share = min(limits.memory_bytes, max(_MEMORY_BYTES, limits.memory_bytes // _cores()))
    limits = replace(limits, memory_bytes=share)
    deadline = time.monotonic() + limits.seconds
    plan = sandbox.call("plan-features", limits=limits, readable=[file])
    slices, features = _slices(plan)
    paths = [folder / f"part-{start}" for start, _ in slices]

    together = sandbox.Together()

    def compute(events: Slice, path: Path) -> dict[str, Any]:
        remaining = replace(limits, seconds=max(deadline - time.monotonic(), 1))
        arguments = {"features": features, "start": events[0], "stop": events[1]}
        return dict(
            sandbox.call(
                "compute-features",
                arguments,
                limits=remaining,
                readable=[file],
                writable=path,
                together=together,
            )
        )

    return Computed(features, _in_parallel(compute, slices, paths, together), paths)


def _slices(plan: Plan) -> tuple[list[Slice], list[str]]:
    """Slices of events, aligned to the chunks of the file, and the features to compute."""
    try:
        count, rows = int(plan["count"]), max(1, int(plan["rows"]))
        features = [str(name) for name in plan["features"]]
    except (KeyError, TypeError, ValueError) as error:
        raise SandboxCrashError("The plan for computing features is incomplete.") from error
    if not features:
        return [], []
    number = _cores() * _SLICES_PER_PROCESS
    step = -(-count // (number * rows)) * rows
    return [(start, min(start + step, count)) for start in range(0, count, step)], features


def _cores() -> int:
    return min(_PROCESSES, len(os.sched_getaffinity(0)))


def _in_parallel(
    compute: Callable[[Slice, Path], dict[str, Any]],
    slices: list[Slice],
    paths: list[Path],
    together: sandbox.Together,
) -> list[dict[str, Any]]:
    """Results of all slices; once one has failed, the processes of the others are ended."""
    pool = ThreadPoolExecutor(_cores())
    try:
        futures = [pool.submit(compute, *given) for given in zip(slices, paths, strict=True)]
        # the first failure, not those of the processes that are ended because of it
        wait(futures, return_when=FIRST_EXCEPTION)
        for failed in [one for one in futures if one.done() and one.exception()]:
            failed.result()
        return [one.result() for one in futures]
    finally:
        together.end()
        pool.shutdown(cancel_futures=True)
