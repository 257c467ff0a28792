"""dclab reads logs and tables."""

from __future__ import annotations

import numpy as np

from dcor_shared.testing.measurements import table_with_gaps


def test_logs(remote, local):
    assert remote.logs["hans"] == local.logs["hans"] == ["peter", "größer"]
    assert "dclab-condense" in remote.logs


def test_table_with_gaps(remote):
    expected = table_with_gaps()
    table = remote.tables["gaps"]
    assert list(table.keys()) == ["time", "pressure"]
    for name, values in expected.items():
        np.testing.assert_array_equal(np.ravel(table[name]), values)


def test_table_of_integers(remote):
    table = remote.tables["integers"]
    np.testing.assert_array_equal(np.ravel(table["number"]), np.arange(4))
    np.testing.assert_array_equal(np.ravel(table["square"]), np.arange(4) ** 2)


def test_unnamed_table(remote):
    table = remote.tables["profile"]
    assert table.keys() is None
    np.testing.assert_array_equal(table[:], np.arange(12).reshape(3, 4))
