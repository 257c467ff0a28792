"""Measurements that are changed before they are described."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import pytest

from dcor_shared.testing.measurements import write_measurement
from tests.dcor_shared.measurement.description.looking import look_at

if TYPE_CHECKING:
    from dcor_shared.measurement.description import Description


@pytest.fixture
def changed(tmp_path):
    """Writes a measurement, changes it with h5py, and describes it."""

    def write(change=None, **kwargs) -> Description:
        path = write_measurement(tmp_path / "changed.rtdc", **{"events": 5, **kwargs})
        if change is not None:
            with h5py.File(path, "a") as h5:
                change(h5)
        return look_at(path)

    return write
