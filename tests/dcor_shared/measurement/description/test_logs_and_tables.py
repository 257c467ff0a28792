"""Logs and tables in the description, however odd they are."""

from __future__ import annotations

import h5py
import numpy as np

from dcor_shared.testing.measurements import table_with_gaps


def test_old_logs_with_texts_of_variable_length_are_read(changed):
    def change(h5):
        h5["logs"].create_dataset("old", data=["one", "two"], dtype=h5py.string_dtype())

    assert changed(change).logs["old"] == ["one", "two"]


def test_empty_logs_and_tables_do_not_appear(changed):
    def change(h5):
        h5["logs"].create_dataset("empty", (0,), dtype="S10")
        h5["tables/empty"] = np.zeros(0, dtype=[("a", "f8")])

    described = changed(change)
    assert "empty" not in described.logs
    assert "empty" not in described.tables


def test_a_bad_log_affects_only_itself(changed):
    def change(h5):
        h5["logs/numbers"] = np.arange(3)
        h5["logs/one line"] = "text"
        h5.create_group("logs/group")

    described = changed(change)
    assert list(described.logs) == ["synthetic"]
    assert len(described.notes) == 3


def test_a_bad_table_affects_only_itself(changed):
    def change(h5):
        h5.create_group("tables/group")
        h5["tables/scalar"] = 1.0

    described = changed(change, tables={"good": table_with_gaps()})
    assert list(described.tables) == ["good"]
    assert len(described.notes) == 2


def test_logs_that_are_too_large_are_cut_off(changed):
    def change(h5):
        h5["logs/a"] = np.full(20_000, b"x" * 1000)
        h5["logs/b"] = np.array([b"end"])

    described = changed(change)
    assert len(described.logs["a"]) < 11_000
    assert "b" not in described.logs
    assert any("too large" in note for note in described.notes)


def test_tables_that_are_too_large_are_left_out(changed):
    described = changed(tables={"a": np.zeros((4000, 4000)), "b": table_with_gaps()})
    assert list(described.tables) == ["b"]
    assert any("too large" in note for note in described.notes)


def test_a_gap_in_a_table_is_null_and_its_neighbours_stay(changed):
    columns, rows = changed(tables={"t": table_with_gaps()}).tables["t"]
    assert columns == ["time", "pressure"]
    assert rows[2][0] == [2.0, None]
    assert rows[1][0] == [1.0, 1.25]


def test_named_tables_have_floats_infinities_are_null_texts_are_sent(changed):
    def change(h5):
        kind = [("n", "i8"), ("x", "f4"), ("s", "S4"), ("v", h5py.string_dtype())]
        h5["tables/t"] = np.array([(1, np.inf, b"abc", "µ"), (2, 1.5, b"", "")], dtype=kind)

    columns, rows = changed(change).tables["t"]
    assert columns == ["n", "x", "s", "v"]
    assert rows == [[1.0, None, "abc", "µ"], [2.0, 1.5, "", ""]]
    assert type(rows[0][0]) is float


def test_unnamed_tables_have_no_columns_and_keep_integers(changed):
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    columns, rows = changed(tables={"image": image}).tables["image"]
    assert columns is None
    assert rows == [[0, 1, 2], [3, 4, 5]]
    assert type(rows[0][0]) is int
