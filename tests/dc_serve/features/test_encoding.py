"""The forms of a feature, read by the programs that people read them with."""

from __future__ import annotations

import io
import json

import numpy as np
import pyarrow as pa
import pytest

from ckanext.dc_serve.features import encoding
from ckanext.dc_serve.features.encoding import Values, taken

DTYPES = ["<f8", "<f4", "<u8", "<i2", "|u1", "|b1", ">f8"]


def values(array):
    return Values("deform", array.dtype.str, array.tobytes())


@pytest.fixture(params=DTYPES)
def array(request):
    return np.arange(100).astype(request.param)


def test_numpy(array):
    found = np.load(io.BytesIO(encoding.npy(values(array))))
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_numpy_file_is_the_one_that_numpy_writes():
    array, expected = np.arange(10.0), io.BytesIO()
    np.save(expected, array)
    assert encoding.npy(values(array)) == expected.getvalue()


@pytest.mark.parametrize(
    ("encode", "read"),
    [
        (encoding.arrow, pa.ipc.open_file),
        (encoding.arrow_stream, pa.ipc.open_stream),
    ],
)
def test_arrow(encode, read, array):
    table = read(pa.BufferReader(encode(values(array)))).read_all()
    assert table.column_names == ["deform"]
    assert table["deform"].to_pylist() == array.tolist()


def test_feather():
    import pyarrow.feather

    data = encoding.arrow(values(np.arange(5.0)))
    assert pyarrow.feather.read_table(io.BytesIO(data))["deform"].to_pylist() == [0, 1, 2, 3, 4]


def test_csv_keeps_every_digit():
    array = np.array([0.1, 1 / 3, 1e-300, 5.0])
    lines = encoding.csv(values(array)).decode().splitlines()
    assert lines[0] == "deform"
    assert [float(line) for line in lines[1:]] == array.tolist()


def test_csv_of_numbers_that_are_not_finite():
    array = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert encoding.csv(values(array)) == b"deform\nNaN\nInf\n-Inf\n1.0\n"


def test_json_has_null_for_what_is_not_finite():
    array = np.array([np.nan, np.inf, -np.inf, 1.5])
    assert json.dumps(encoding.numbers(values(array))) == "[null, null, null, 1.5]"


def test_integers_stay_integers():
    assert json.dumps(encoding.numbers(values(np.arange(3)))) == "[0, 1, 2]"
    assert encoding.csv(values(np.arange(2))) == b"deform\n0\n1\n"


@pytest.mark.parametrize("events", [range(10, 20), range(10, 17), range(13, 20, 3), range(12, 12)])
def test_part_of_the_values(events):
    given = values(np.arange(10, 20))
    assert taken(given, events, 10).array.tolist() == list(events)
