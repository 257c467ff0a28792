"""The modules of the pages' scripts, tested by themselves with node's own test runner."""

from __future__ import annotations

import subprocess

import pytest

from dcor_control import assets

_FOLDERS = sorted(path.parent.parent for path in assets.CHECKOUT.glob("ckanext-*/frontend/test"))


@pytest.mark.parametrize("folder", _FOLDERS, ids=lambda folder: folder.name)
def test_the_modules_do_what_they_say(folder) -> None:
    tests = [str(path) for path in sorted(folder.glob("frontend/test/**/*.test.ts"))]
    node = assets.node(assets.CHECKOUT / ".venv")
    done = subprocess.run([*node, "--test", *tests], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
