"""An instance of the local profile, before anything of it runs."""

from __future__ import annotations

import os
import shutil

from dcor_control.local import instance
from dcor_control.local.account import Account
from dcor_control.local.layout import Layout


def test_the_object_store_believes_in_no_space_that_is_not_there(tmp_path):
    layout = Layout(tmp_path, Account("me", os.geteuid(), os.getegid()))
    tmp_path.joinpath("log").mkdir()
    size = instance.describe(layout).services.ceph.block_size
    assert 0 < size < shutil.disk_usage(tmp_path).free
