"""An instance finds its place, however long the path is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dcor_control.local.account import Account, UnreachableForAccountError, require_reachable
from dcor_control.local.layout import Layout, UnsafeFolderError

ME = Account("me", os.geteuid(), os.getegid())


def test_sockets_are_inside_the_instance():
    assert Layout(Path("/srv/dcor/var"), ME).sockets == Path("/srv/dcor/var/run")


def test_sockets_of_a_deep_folder_have_a_short_path():
    layout = Layout(Path("/srv") / "/".join(["a-long-name"] * 12), ME)
    assert len(str(layout.sockets / "supervisor.sock.4194304")) <= 107


def test_folders_are_private(tmp_path):
    layout = Layout(tmp_path / "instance", ME)
    layout.make_folders()
    assert layout.conf.stat().st_mode & 0o777 == 0o700


def test_a_prepared_link_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "run").symlink_to(tmp_path)
    with pytest.raises((UnsafeFolderError, FileExistsError)):
        Layout(tmp_path, ME).make_folders()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts services as another account")
def test_a_checkout_that_the_services_cannot_reach_is_named(tmp_path):
    nobody = Account("nobody", 65534, 65534)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(UnreachableForAccountError) as error:
        require_reachable(nobody, [Path("/usr/bin"), private])
    assert str(private) in str(error.value)
    assert "ordinary user" in str(error.value)
