"""Files of an instance are whole, private and survive a failure."""

from __future__ import annotations

import tomllib

import pytest

from dcor_control.local.files import read_toml, toml_text, write_atomically, write_if_changed


def test_a_secret_is_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "secret"
    write_atomically(path, "x")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_written_when_nothing_changes(tmp_path):
    path = tmp_path / "file"
    assert write_if_changed(path, "a")
    assert not write_if_changed(path, "a")
    assert write_if_changed(path, "b")


def test_toml_comes_back_as_it_was_written(tmp_path):
    tables = {"a": {"text": 'with "quotes"\nand ü', "number": 3, "yes": True, "dotted.key": "x"}}
    path = tmp_path / "file.toml"
    path.write_text(toml_text(tables, heading="what this is"))
    assert read_toml(path) == tables
    assert tomllib.loads(path.read_text()) == tables


def test_a_missing_file_has_no_tables(tmp_path):
    assert read_toml(tmp_path / "missing.toml") == {}
