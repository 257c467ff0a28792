"""``preview``: bundle, sprites and preview of 20 000 events against the rival's picture alone.

Both read the same measurement and run as they do in production. Own: the worker's call, with the
sandboxed process, and with the condensed file for the features that are only there. The rival: a
process forked from one that has imported everything and drawn once (CKAN's worker forks for each
job), and its result written to a file. Both are measured in turn, each after a pause in which the
machine comes to rest: measurements arrive one by one. The medians count.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.outcome import Outcome
from benchmarks.parts.condensed_files import REQUEST
from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import condense
from dcor_shared.measurement.overview.making import make_overview
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = 3
_EVENTS = 20_000
_ROUNDS = 9
#: Long enough for what either side does after or before its work.
_REST_SECONDS = 0.5


def run() -> Outcome:
    """Make the overview and the rival's picture of a synthetic measurement, in turn."""
    # one thread for each, as in the sandbox
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from benchmarks.parts import matplotlib_preview

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_measurement(folder / "cells.rtdc", events=_EVENTS, fluorescence=True)
        condensed = folder / "condensed.rtdc"
        condense(path, condensed, REQUEST)
        own, rival = [], []
        sandbox.warm_up()
        matplotlib_preview.draw(path, folder / "rival.jpg")
        for _round in range(_ROUNDS):
            own.append(_timed(lambda: _own(path, condensed, folder)))
            rival.append(_timed(lambda: _forked(path, folder)))
        sizes = [(folder / made).stat().st_size for made in ("view", "preview.jpg", "rival.jpg")]
    print(f"own   {_text(own)}  bundle {sizes[0]} bytes, preview {sizes[1]} bytes")
    print(f"rival {_text(rival)}  picture {sizes[2]} bytes")
    return Outcome(statistics.median(rival) / statistics.median(own), GOAL)


def _own(path: Path, condensed: Path, folder: Path) -> None:
    made = make_overview(path, folder, source_etag="e", step_version=1, condensed=condensed)
    if made.preview is None or made.summary.notes:
        raise RuntimeError(f"something is missing: {made.summary.notes}")


def _forked(path: Path, folder: Path) -> None:
    from benchmarks.parts import matplotlib_preview

    pid = os.fork()
    if pid == 0:
        failed = 1
        try:
            matplotlib_preview.draw(path, folder / "rival.jpg")
            failed = 0
        finally:
            os._exit(failed)
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"the rival drew nothing (status {status})")


def _timed(work: Callable[[], object]) -> float:
    time.sleep(_REST_SECONDS)
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _text(seconds: list[float]) -> str:
    middle = statistics.median(seconds) * 1000
    return f"{middle:6.0f} ms ({min(seconds) * 1000:.0f} - {max(seconds) * 1000:.0f})"
