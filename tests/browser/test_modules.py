"""The modules of the pages' scripts, tested by themselves with node's own test runner."""

from __future__ import annotations

import subprocess

import pytest

from dcor_control import assets

_TESTS = sorted(assets.CHECKOUT.glob("ckanext-*/frontend/test/**/*.test.ts"))
_PLUGINS = sorted({path.relative_to(assets.CHECKOUT).parts[0] for path in _TESTS})


@pytest.mark.parametrize("plugin", _PLUGINS)
def test_the_modules_do_what_they_say(plugin: str) -> None:
    tests = [str(path) for path in _TESTS if path.is_relative_to(assets.CHECKOUT / plugin)]
    node = assets.node(assets.CHECKOUT / ".venv")
    done = subprocess.run([*node, "--test", *tests], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
