"""Numbers are written as in the draft editor."""

from __future__ import annotations

import pytest

from ckanext.dcor_schemas import figures


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (2_800_000, "2.8 MB"),
        (537_000_000, "537 MB"),
        (1_100_000_000, "1.1 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_sizes(number, shown):
    assert figures.size(number) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0.0 s"), (59.94, "59.9 s"), (61, "1 min 1 s"), (3_725, "1 h 2 min")],
)
def test_durations(seconds, shown):
    assert figures.duration(seconds) == shown
