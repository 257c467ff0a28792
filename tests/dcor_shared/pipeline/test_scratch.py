"""Scratch folders belong to one run of one worker and do not outlive it."""

from __future__ import annotations

import pytest

from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import leases, scratch


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.tmp_dir", str(tmp_path / "scratch"))
    return tmp_path / "scratch"


def test_every_run_has_its_own_closed_folder(root):
    with scratch.scratch_folder() as one, scratch.scratch_folder() as other:
        assert one != other
        assert one.parent == other.parent == root
        assert one.stat().st_mode & 0o077 == 0


def test_a_folder_is_removed_also_after_an_error(root):
    def fail():
        with scratch.scratch_folder() as folder:
            (folder / "left").write_text("x")
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        fail()
    assert list(root.iterdir()) == []


def test_folders_of_dead_workers_of_this_host_are_removed(root):
    host = leases.worker_name().split(":")[0]
    root.mkdir()
    dead, foreign, other = (
        root / f"dcor-run_{host}_1_1_abc",
        root / "dcor-run_elsewhere_1_1_abc",
        root / "something",
    )
    for folder in (dead, foreign, other):
        folder.mkdir()
    with scratch.scratch_folder() as mine:
        assert scratch.sweep() == 1
        assert {path.name for path in root.iterdir()} == {foreign.name, other.name, mine.name}


def test_an_unusable_option_is_reported_and_the_system_s_folder_is_used(
    root, monkeypatch, caplog, tmp_path
):
    (tmp_path / "file").touch()
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.tmp_dir", str(tmp_path / "file" / "x"))
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    assert scratch.scratch_root().parent == tmp_path
    assert "cannot be used" in caplog.text


def test_a_folder_of_somebody_else_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.tmp_dir", "")
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    scratch.scratch_root().rmdir()
    (tmp_path / f"dcor-scratch-{scratch.os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        scratch.scratch_root()
