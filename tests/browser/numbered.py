"""A measurement of very many events whose pictures tell which event they are of."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import hdf5plugin
import numpy as np

from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from playwright.sync_api import Locator

#: A number is written as 2 rows of 10 bits, each a bright or dark block of 8 x 4 pixels.
_BITS, _ROWS, _BLOCK = 20, 2, (8, 4)
HEIGHT, WIDTH = _ROWS * _BLOCK[0], _BITS // _ROWS * _BLOCK[1]
_CHUNK, _PATTERN = 500, 200
_READ = """(canvas, [bits, rows]) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [bits / rows, rows];
    const context = copy.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, 0, 0, copy.width, copy.height);
    const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
    let number = 0;
    for (let bit = 0; bit < bits; bit += 1) {
        number += pixels[4 * bit] > 127 ? 2 ** bit : 0;
    }
    return number;
}"""


def write_numbered(path: Path, events: int) -> Path:
    """Write a measurement with pictures of `HEIGHT` x `WIDTH` pixels, and no masks."""
    size = {"imaging:roi size x": WIDTH, "imaging:roi size y": HEIGHT}
    with tempfile.TemporaryDirectory() as folder:
        pattern = write_measurement(
            Path(folder) / "pattern.rtdc",
            events=_PATTERN,
            image=False,
            mask=False,
            image_bg=False,
            metadata=size,
        )
        with h5py.File(pattern) as source, h5py.File(path, "w") as target:
            target.attrs.update(source.attrs)
            target.attrs["experiment:event count"] = events
            source.copy("logs", target)
            _write_values(source, target.require_group("events"), events)
            _write_pictures(target["events"], events)
    return path


def number_in(picture: Locator) -> int:
    """The number that a picture on the page says."""
    return picture.evaluate(_READ, [_BITS, _ROWS])


def _write_values(source: h5py.File, group: h5py.Group, events: int) -> None:
    random = np.random.default_rng(47)
    for name, data in source["events"].items():
        values = np.resize(data[:].astype(float), events)
        values = values * random.normal(1, 0.05, events)
        if name in {"frame", "index", "time"}:
            values = np.arange(1, events + 1, dtype=float)
        group.create_dataset(name, data=values, chunks=True, **hdf5plugin.Zstd(clevel=1))


def _write_pictures(group: h5py.Group, events: int) -> None:
    shape = (events, HEIGHT, WIDTH)
    chunks = (_CHUNK, HEIGHT, WIDTH)
    settings = hdf5plugin.Zstd(clevel=1)
    data = group.create_dataset("image", shape, "u1", chunks=chunks, **settings)
    for start in range(0, events, _CHUNK):
        data[start : start + _CHUNK] = _pictures(np.arange(start, min(start + _CHUNK, events)))


def _pictures(numbers: np.ndarray) -> np.ndarray:
    bits = (numbers[:, None] >> np.arange(_BITS)) & 1
    blocks = bits.reshape(len(numbers), _ROWS, _BITS // _ROWS)
    return (20 + 200 * np.kron(blocks, np.ones((1, *_BLOCK)))).astype("u1")
