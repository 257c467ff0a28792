"""``condense-memory``: peak memory of condensing, of a short and of a very long measurement.

Counted are the condensing process and all sandboxed processes together. The ratio is the larger
peak in units of 600 MB; it has to be flat as well: 25 times the events may take a third more.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.outcome import Outcome
from benchmarks.parts.condensed_files import REQUEST
from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import condense
from dcor_shared.testing.long_measurements import write_long_measurement
from dcor_shared.testing.memory import watched_memory

GOAL = 1.0
_ALLOWED = 600e6
_FLAT = 1.33
_EVENTS = (20_000, 500_000)


def run() -> Outcome:
    """Condense both and watch."""
    sandbox.warm_up()
    peaks = [_peak(events) for events in _EVENTS]
    growth = peaks[1] / peaks[0]
    problems = () if growth <= _FLAT else (f"the peak grows by a factor of {growth:.2f}",)
    return Outcome(max(peaks) / _ALLOWED, GOAL, "lower", problems)


def _peak(events: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = write_long_measurement(Path(folder) / "cells.rtdc", events)
        with watched_memory() as peak:
            summary = condense(path, Path(folder) / "condensed.rtdc", REQUEST)
        print(
            f"{summary.event_count:8} events, {path.stat().st_size / 1e6:7.0f} MB: "
            f"{peak.bytes / 1e6:5.0f} MB in {peak.processes} processes",
            flush=True,
        )
        return peak.bytes
