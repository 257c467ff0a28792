"""The pages' scripts by themselves: their modules' own tests, their types, their style."""

from __future__ import annotations

import subprocess

import pytest

from dcor_control import assets

_TESTS = sorted(assets.CHECKOUT.glob("ckanext-*/frontend/test/**/*.test.ts"))
_PLUGINS = sorted({path.relative_to(assets.CHECKOUT).parts[0] for path in _TESTS})


def _node(*arguments: str) -> None:
    command = [*assets.node(assets.CHECKOUT / ".venv"), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=assets.CHECKOUT)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("plugin", _PLUGINS)
def test_the_modules_do_what_they_say(plugin: str) -> None:
    tests = [str(path) for path in _TESTS if path.is_relative_to(assets.CHECKOUT / plugin)]
    _node("--test", *tests)


def test_the_types_are_right() -> None:
    _node("node_modules/typescript/bin/tsc", "--noEmit")


def test_the_viewer_has_one_style() -> None:
    """``npm run format`` makes it so."""
    _node("node_modules/prettier/bin/prettier.cjs", "--check", "ckanext-dc_view/frontend/**/*.ts")
