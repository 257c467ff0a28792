"""Synthetic measurements: deterministic, small or large, and good enough for every reader.

They hold what a real measurement holds, and pass dclab's integrity check. ``volume`` is not
stored, but everything that it is computed from; so it appears only in the condensed file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.testing.cells import HEIGHT, PIXEL_SIZE, WIDTH, Camera, Cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from dclab import RTDCWriter
    from numpy.typing import NDArray

    #: Table columns by name, or an array for an unnamed table.
    TableData = Mapping[str, Any] | NDArray[Any]


_BATCH = 1000
_FRAME_RATE = 2000.0
_SAMPLES = 120
_METADATA: dict[str, dict[str, Any]] = {
    "experiment": {
        "date": "2025-03-14",
        "run index": 1,
        "sample": "synthetic cells",
        "time": "15:09:26",
    },
    "imaging": {
        "flash device": "LED (synthetic)",
        "flash duration": 2.0,
        "frame rate": _FRAME_RATE,
        "pixel size": PIXEL_SIZE,
        "roi position x": 500,
        "roi position y": 400,
        "roi size x": WIDTH,
        "roi size y": HEIGHT,
    },
    "setup": {
        "channel width": 20.0,
        "chip region": "channel",
        "flow rate": 0.06,
        "flow rate sample": 0.015,
        "flow rate sheath": 0.045,
        "identifier": "SYN-0001",
        "medium": "CellCarrierB",
        "module composition": "AcCellerator",
        "software version": "dcor_shared.testing",
    },
}
_FLUORESCENCE: dict[str, Any] = {
    "bit depth": 16,
    "channel 1 name": "525/50",
    "channel count": 1,
    "channels installed": 1,
    "laser 1 lambda": 488.0,
    "laser 1 power": 8.0,
    "laser count": 1,
    "lasers installed": 1,
    "sample rate": 312500,
    "samples per event": _SAMPLES,
    "signal max": 1.0,
    "signal min": -1.0,
    "trace median": 0,
}


def write_measurement(
    path: Path,
    *,
    events: int = 2000,
    seed: int = 47,
    image: bool = True,
    mask: bool = True,
    image_bg: bool = True,
    contour: bool = False,
    fluorescence: bool = False,
    features: Iterable[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    logs: Mapping[str, Sequence[str]] | None = None,
    tables: Mapping[str, TableData] | None = None,
    basins: Sequence[Mapping[str, Any]] = (),
    compression: Mapping[str, Any] | None = None,
) -> Path:
    """Write a measurement; the same arguments give the same data.

    Parameters
    ----------
    path
        File to write; an existing one is replaced.
    events
        Number of events; memory does not grow with it.
    seed
        Start of the random numbers.
    image, mask, image_bg, contour
        Whether to store images (80 rows, 250 columns), masks, backgrounds, and contours.
    fluorescence
        Whether to store one fluorescence channel with its traces.
    features
        Names of the scalar features to store; all by default.
    metadata
        Replaces or adds attributes by ``section:key``; None removes one.
    logs, tables
        Logs and tables by name; the log ``synthetic`` is there by default.
    basins
        Keyword arguments of :meth:`dclab.RTDCWriter.store_basin`; not verified by default.
    compression
        Keyword arguments for compressed datasets; Zstandard by default.

    Returns
    -------
    path
        The path that was given.
    """
    from dclab import RTDCWriter

    chosen = None if features is None else set(features)
    stored = {"image": image, "mask": mask, "image_bg": image_bg, "contour": contour}
    with RTDCWriter(path, mode="reset", compression_kwargs=compression) as writer:
        writer.store_metadata(_sections(fluorescence=fluorescence))
        _write_events(writer, events, seed, chosen, stored)
        if fluorescence:
            _write_fluorescence(writer, events, seed)
        for name, lines in ({"synthetic": [f"seed {seed}"]} if logs is None else logs).items():
            writer.store_log(name, list(lines))
        for name, table in (tables or {}).items():
            writer.store_table(name, table)
        for basin in basins:
            writer.store_basin(**{"verify": False, **basin})
    if metadata:
        _change_attributes(path, metadata)
    return path


def table_with_gaps(rows: int = 5) -> dict[str, NDArray[np.float64]]:
    """Columns of a table in which a value is missing (row 2, column ``pressure``)."""
    pressure = np.linspace(1.0, 2.0, rows)
    pressure[2] = np.nan
    return {"time": np.arange(rows, dtype=float), "pressure": pressure}


def _sections(*, fluorescence: bool) -> dict[str, dict[str, Any]]:
    sections = {name: dict(keys) for name, keys in _METADATA.items()}
    if fluorescence:
        sections["fluorescence"] = dict(_FLUORESCENCE)
        sections["setup"]["module composition"] = "AcCellerator,FluorescenceModule"
    return sections


def _write_events(
    writer: RTDCWriter,
    events: int,
    seed: int,
    chosen: set[str] | None,
    stored: dict[str, bool],
) -> None:
    camera = Camera(seed)
    for start in range(0, events, _BATCH):
        cells = camera.take(min(_BATCH, events - start))
        values = cells.features | _moments_in_time(start, len(cells.mask))
        for name, data in sorted(values.items()):
            if chosen is None or name in chosen:
                writer.store_feature(name, data)
        _write_pictures(writer, cells, stored)


def _write_pictures(writer: RTDCWriter, cells: Cells, stored: dict[str, bool]) -> None:
    for name in ("image", "image_bg", "mask"):
        if stored[name]:
            writer.store_feature(name, getattr(cells, name))
    if stored["contour"]:
        writer.store_feature("contour", [_contour(mask) for mask in cells.mask])


def _contour(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    import cv2

    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(contours[0][:, 0, :], dtype=np.int64)


def _moments_in_time(start: int, number: int) -> dict[str, NDArray[Any]]:
    """Every third frame shows a cell."""
    frame = np.arange(start, start + number, dtype=np.uint64) * 3 + 1
    return {"frame": frame, "time": frame / _FRAME_RATE}


def _write_fluorescence(writer: RTDCWriter, events: int, seed: int) -> None:
    random = np.random.default_rng(seed + 1)
    for start in range(0, events, _BATCH):
        number = min(_BATCH, events - start)
        height = random.uniform(50, 5000, number)
        samples = np.arange(_SAMPLES)
        peak = np.exp(-(((samples - _SAMPLES / 2) / 8) ** 2))
        raw = height[:, None] * peak + random.normal(0, 5, (number, _SAMPLES))
        trace = raw.astype(np.int16)
        writer.store_feature("trace", {"fl1_raw": trace, "fl1_median": trace})
        values = {
            "fl1_max": trace.max(axis=1),
            "fl1_area": trace.sum(axis=1),
            "fl1_pos": np.full(number, _SAMPLES / 2),
            "fl1_width": np.full(number, 8.0),
        }
        for name, data in values.items():
            writer.store_feature(name, np.asarray(data, dtype=float))


def _change_attributes(path: Path, changes: Mapping[str, Any]) -> None:
    """Change attributes after dclab's writer has completed them."""
    import h5py

    with h5py.File(path, "a") as h5:
        for name, value in changes.items():
            if value is not None:
                h5.attrs[name] = value
            else:
                h5.attrs.pop(name, None)
