"""Fixtures for tests of the measurement room."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcor_shared.testing.measurements import write_measurement

REAL_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    """A good synthetic measurement of 20 events."""
    return write_measurement(tmp_path_factory.mktemp("small") / "small.rtdc", events=20)


@pytest.fixture(scope="session")
def three(tmp_path_factory) -> Path:
    """A good synthetic measurement of 3 events, to be made bad."""
    return write_measurement(tmp_path_factory.mktemp("three") / "three.rtdc", events=3)


@pytest.fixture(scope="session")
def real():
    """Gives the path of a real measurement by its name, or skips."""

    def find(name: str) -> Path:
        path = REAL_DATA / name
        if not path.exists():
            pytest.skip(f"the real measurement {name} is not beside the checkout (shared/data)")
        return path

    return find
