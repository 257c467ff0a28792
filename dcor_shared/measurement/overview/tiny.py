"""A measurement of next to nothing, in memory."""

from __future__ import annotations

from typing import IO

import numpy as np

_EVENTS, _HEIGHT, _WIDTH = 8, 24, 32
_ATTRIBUTES = {
    "experiment:sample": "µ",
    "experiment:event count": _EVENTS,
    "imaging:pixel size": 0.34,
    "setup:channel width": 20.0,
    "setup:flow rate": 0.06,
    "setup:medium": "CellCarrier",
    "setup:temperature": 23.0,
}


def write_tiny(target: IO[bytes]) -> None:
    """Write a few events with everything that an overview shows."""
    import h5py
    import hdf5plugin

    number = np.arange(1, _EVENTS + 1)
    mask = np.zeros((_EVENTS, _HEIGHT, _WIDTH), dtype=np.uint8)
    mask[:, 8:16, 8:20] = 255
    with h5py.File(target, "w") as h5:
        h5.attrs.update(_ATTRIBUTES)
        events = h5.create_group("events")
        events["area_um"] = 20.0 + number
        events["deform"] = 0.1 / number
        packing = hdf5plugin.Zstd(clevel=1)
        for name, data in (("image", mask // 2), ("mask", mask)):
            events.create_dataset(name, data=data, chunks=True, compression=packing)
        events["trace/fl1_raw"] = np.outer(number, np.arange(10)).astype(np.int16)
