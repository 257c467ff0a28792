"""The container: what is written can be read, and nothing else is believed."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from dcor_shared.measurement.overview import container
from dcor_shared.measurement.overview.container import ContainerError, ContainerWriter


def written():
    writer = ContainerWriter()
    numbers = writer.add_array(np.arange(5), "<u2", name="numbers")
    writer.end_of_first()
    text = writer.add("grüße".encode(), type="text/plain")
    header = {"kind": "test", "numbers": numbers, "text": text}
    return writer.to_bytes(header), header


def test_what_is_written_is_read():
    data, _ = written()
    header = container.read_header(data)
    assert header["kind"] == "test"
    assert container.read_array(data, header["numbers"]).tolist() == [0, 1, 2, 3, 4]
    assert container.read_block(data, header["text"]).decode() == "grüße"


def test_blocks_are_aligned():
    data, header = written()
    assert header["numbers"]["offset"] % 8 == header["text"]["offset"] % 8 == 0
    assert len(data) % 8 == 0


def test_the_first_piece_holds_the_first_blocks():
    data, header = written()
    piece = data[: header["first"]]
    assert container.read_array(piece, header["numbers"]).tolist() == [0, 1, 2, 3, 4]
    assert header["text"]["offset"] == header["first"]


def test_preamble_is_the_documented_one():
    data, _ = written()
    magic, version, length = struct.unpack_from("<8sII", data)
    assert (magic, version) == (b"DCORVIEW", 1)
    assert data[16 : 16 + length].rstrip().endswith(b"}")


def test_writing_tells_the_length():
    writer, target = ContainerWriter(), io.BytesIO()
    assert writer.write(target, {}) == len(target.getvalue())


def test_unknown_data_types_are_not_written():
    with pytest.raises(ContainerError, match="no data type"):
        ContainerWriter().add_array(np.arange(3), "<i8")


def test_not_finite_numbers_are_not_written_into_the_header():
    with pytest.raises(ValueError, match="not JSON compliant"):
        ContainerWriter().to_bytes({"value": np.nan})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"short", "shorter than its preamble"),
        (b"DCORVIEW" + struct.pack("<II", 2, 0), "no container of a version"),
        (b"GARBAGE!" + struct.pack("<II", 1, 0), "no container of a version"),
        (b"DCORVIEW" + struct.pack("<II", 1, 99), "cut off"),
        (b"DCORVIEW" + struct.pack("<II", 1, 2) + b"[]", "no object"),
        (b"DCORVIEW" + struct.pack("<II", 1, 2) + b"{x", "no JSON"),
    ],
)
def test_other_bytes_are_refused(data, reason):
    with pytest.raises(ContainerError, match=reason):
        container.read_header(data)


@pytest.mark.parametrize("block", [{"offset": -8, "length": 8}, {"offset": 0, "length": 10**9}])
def test_blocks_outside_are_refused(block):
    with pytest.raises(ContainerError, match="leaves the container"):
        container.read_block(written()[0], block)


def test_arrays_of_unknown_types_are_refused():
    with pytest.raises(ContainerError, match="unknown type"):
        container.read_array(written()[0], {"offset": 16, "length": 8, "dtype": "O"})
