"""Files of an instance are whole, private and survive a failure."""

from __future__ import annotations

import os
import tomllib

import pytest

from dcor_control.local.account import Account
from dcor_control.local.files import (
    UnwritableFileError,
    read_toml,
    toml_text,
    write_atomically,
    write_if_changed,
)

NOBODY = Account("nobody", 65534, 65534)
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root writes as another account")


@pytest.fixture
def folder_of_nobody(tmp_path):
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o711)
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY.uid, NOBODY.gid)
    return folder


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


@AS_ROOT
def test_root_writes_as_the_account_that_owns_the_folder(folder_of_nobody):
    path = folder_of_nobody / "file"
    assert write_if_changed(path, "ü", account=NOBODY)
    assert not write_if_changed(path, "ü", account=NOBODY)
    assert path.stat().st_uid == NOBODY.uid
    assert path.read_text("utf-8") == "ü"


@AS_ROOT
def test_a_link_in_the_folder_of_an_account_leads_root_nowhere(folder_of_nobody, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("root's")
    (folder_of_nobody / "file").symlink_to(kept)
    write_atomically(folder_of_nobody / "file", "new", account=NOBODY)
    assert kept.read_text() == "root's"
    (folder_of_nobody / "folder").symlink_to("/etc")
    with pytest.raises(UnwritableFileError):
        write_atomically(folder_of_nobody / "folder" / "dcor-test", "x", account=NOBODY)
