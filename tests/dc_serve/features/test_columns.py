"""Bytes of a file become the values that HDF5 reads, whatever was done to them."""

from __future__ import annotations

import zlib

import h5py
import hdf5plugin
import numpy as np
import pytest

from dcor_shared.measurement.condensed.columns import columns

from ckanext.dc_serve.features.columns import Column, DamagedColumnError

LAYOUTS = {
    "one block": {},
    "chunks": {"chunks": (300,)},
    "zlib": {"chunks": (300,), "compression": "gzip"},
    "zlib, shuffled": {"chunks": (300,), "compression": "gzip", "shuffle": True},
    "zstd": {"chunks": (300,), **hdf5plugin.Zstd(clevel=5)},
    "zstd, checksum": {"chunks": (1000,), "fletcher32": True, **hdf5plugin.Zstd(clevel=5)},
    "everything": {"chunks": (7,), "shuffle": True, "fletcher32": True, "compression": "gzip"},
    "chunk longer than the data": {"chunks": (4096,), "maxshape": (None,), "compression": "gzip"},
}


def decoded(path, column):
    data = path.read_bytes()
    return b"".join(
        column.decode(number, data[offset : offset + size])
        for number, (offset, size) in enumerate(column.chunks)
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_values_are_those_of_the_file(write_file, values, layout):
    path, noted = write_file(values, **LAYOUTS[layout])
    assert set(noted) == set(values)
    for name, expected in values.items():
        column = Column.from_json(noted[name])
        found = np.frombuffer(decoded(path, column), column.dtype)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", [">f8", "<f4", "u1", "i2", ">u4", "?"])
def test_all_kinds_of_numbers(write_file, dtype):
    expected = np.arange(50).astype(dtype)
    path, noted = write_file({"x": expected}, chunks=(20,), compression="gzip")
    column = Column.from_json(noted["x"])
    assert np.frombuffer(decoded(path, column), column.dtype).tolist() == expected.tolist()


@pytest.mark.parametrize("filters", [{"compression": "gzip"}, hdf5plugin.Zstd()])
def test_damaged_bytes_are_an_error(write_file, values, filters):
    _path, noted = write_file(values, chunks=(300,), **filters)
    column = Column.from_json(noted["deform"])
    with pytest.raises(DamagedColumnError):
        column.decode(0, b"\x00garbage" * 100)


def test_chunk_that_is_too_short_is_an_error(write_file, values):
    _path, noted = write_file(values)
    with pytest.raises(DamagedColumnError):
        Column.from_json(noted["deform"]).decode(0, b"1234")


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "O"},
        {"dtype": "|S8"},
        {"filters": ["lzf"]},
        {"chunk": 0},
        {"chunk": 2**40},
        {"chunks": []},
        {"count": 10**9},
        {"chunks": [[2048, 2**32], *[[2048, 100]] * 3]},
        {"chunks": [[2048, 300 * 8 + 2**16 + 1], *[[2048, 100]] * 3]},
        {"chunks": [[2048, 0], *[[2048, 100]] * 3]},
        {"chunks": [[2048, -1], *[[2048, 100]] * 3]},
        {"chunks": [[-1, 100], *[[2048, 100]] * 3]},
    ],
)
def test_senseless_notes_are_refused(write_file, values, change):
    _path, noted = write_file(values, chunks=(300,))
    with pytest.raises(DamagedColumnError):
        Column.from_json(noted["deform"] | change)


def test_chunks_with_much_behind_the_data_are_not_noted(tmp_path):
    """HDF5 reads such a feature: what comes after the end of the compressed data is left out."""
    values = np.arange(300.0)
    path = tmp_path / "padded.rtdc"
    with h5py.File(path, "w") as file:
        for name, padding in {"modest": 1000, "much": 2**17}.items():
            dataset = file.create_dataset(name, (300,), "f8", chunks=(300,), compression="gzip")
            dataset.id.write_direct_chunk((0,), zlib.compress(values.tobytes()) + bytes(padding))
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["much"][:], values)
        assert set(columns(file, ["modest", "much"])) == {"modest"}


def test_decompression_is_bounded(write_file):
    zeros = {"x": np.zeros(2_000_000)}
    _path, noted = write_file(zeros, chunks=(2_000_000,), compression="gzip")
    small = Column.from_json(noted["x"] | {"chunk": 1000, "count": 1000})
    raw = _path.read_bytes()[slice(small.chunks[0][0], sum(small.chunks[0]))]
    assert len(small.decode(0, raw)) == 8000
