"""``condense``: the whole work of the step against dclab's own condensing, and the same values.

20 000 events with image (80 x 250), mask, background and traces. Own time: everything between the
scratch copy and the condensed file, sandboxed processes included. The rival is called in this
process, without its start-up. Both are measured in turn; the medians count.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.outcome import Outcome
from benchmarks.parts.condensed_files import REQUEST, differences
from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import condense
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = 15
_EVENTS = 20_000
_ROUNDS = 2


def run() -> Outcome:
    """Condense a synthetic measurement in both ways and compare the results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_measurement(folder / "cells.rtdc", events=_EVENTS, fluorescence=True)
        ours, theirs = folder / "ours.rtdc", folder / "theirs.rtdc"
        sandbox.warm_up()
        own_times, rival_times = [], []
        for _round in range(_ROUNDS):
            own_times += [_timed("own", lambda: condense(path, ours, REQUEST)) for _ in range(2)]
            rival_times.append(_timed("dclab", lambda: _rival(path, theirs)))
        problems = tuple(differences(ours, theirs))
        print(f"size: own {ours.stat().st_size}, dclab {theirs.stat().st_size} bytes")
    ratio = statistics.median(rival_times) / statistics.median(own_times)
    return Outcome(ratio, GOAL, problems=problems)


def _timed(name: str, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"{name:8} {seconds:7.2f} s", flush=True)
    return seconds


def _rival(path: Path, out: Path) -> None:
    from dclab.cli import condense as dclab_condense

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        dclab_condense(path, out)
