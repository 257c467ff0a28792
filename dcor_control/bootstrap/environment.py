"""The virtual environment, and what is installed in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dcor_control.bootstrap.stages import CHECKOUT, VENV, failure, run, stage

LOCK = CHECKOUT / "requirements.lock"
#: Digest of what the environment was filled from.
STAMP = VENV / "dcor-installed"
_OLDEST, _NEWEST = (3, 11), (3, 13)


def create_environment() -> Path:
    """Create the virtual environment unless it exists as a whole; its Python."""
    python = VENV / "bin" / "python"
    if os.geteuid() == 0 and not everybody_can_enter(CHECKOUT):
        raise failure(
            f"Root starts the services as an ordinary account, but only some accounts can reach "
            f"{CHECKOUT}. Move it (for example below /srv), or work as an ordinary user."
        )
    if python.exists() and (VENV / "bin" / "pip").exists():
        if os.geteuid() == 0 and not everybody_can_run(python):
            raise failure(
                f"{VENV} uses {python.resolve()}, which only some accounts can run; the services "
                f"run as an ordinary account. Remove {VENV} and try again."
            )
        return python
    base = suitable_python()
    with stage(f"Virtual environment ({base})"):
        run([base, "-m", "venv", "--clear", str(VENV)])
    return python


def fill_environment(python: Path) -> None:
    """Install everything that ``requirements.lock`` names, and the suite itself."""
    sources = (LOCK, CHECKOUT / "pyproject.toml")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    if STAMP.exists() and STAMP.read_text("utf-8") == digest:
        return
    with stage("Python packages from requirements.lock"):
        _install_uv(python)
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(python)]
        # Its cache would stay behind in the home folder, with gigabytes in it.
        env = uv_settings(python) | {"UV_NO_CACHE": "1"}
        locked = ["--require-hashes", "--compile-bytecode", "-r", str(LOCK)]
        run([*uv, *locked], env=env)
    with stage("The suite"):
        run([*uv, "--no-deps", "--no-build-isolation", "-e", str(CHECKOUT)], env=env)
        # The account of the services may not write into the checkout.
        run([str(python), "-m", "compileall", "-q", *_sources()])
        STAMP.write_text(digest, "utf-8")


def suitable_python() -> str:
    """A Python of a supported version; started by root, one that every account can run."""
    names = [f"python3.{minor}" for minor in range(_NEWEST[1], _OLDEST[1] - 1, -1)]
    system = [f"/usr/bin/{name}" for name in ("python3", *names)]
    for candidate in (sys.executable, *system, *(shutil.which(name) or "" for name in names)):
        path = Path(candidate)
        usable = candidate and path.exists() and _OLDEST <= _version(candidate) <= _NEWEST
        if usable and (os.geteuid() != 0 or everybody_can_run(path)):
            return candidate
    raise failure(
        "No Python 3.11, 3.12 or 3.13 was found that every account can run. Install python3."
    )


def everybody_can_run(program: Path) -> bool:
    """Whether every account may run the program, all folders above it considered."""
    real = program.resolve()
    return bool(real.stat().st_mode & 0o001) and everybody_can_enter(real.parent)


def everybody_can_enter(folder: Path) -> bool:
    """Whether every account may reach what is in the folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def uv_settings(python: Path) -> dict[str, str]:
    """Settings of pip (index, certificates) as variables for uv, which does not read them."""
    listed = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], check=False, capture_output=True, text=True
    )
    pip: dict[str, str] = {}
    # What the environment says stands above what files say.
    for line in sorted(listed.stdout.splitlines(), key=lambda line: line.startswith(":env:")):
        key, _, value = line.partition("=")
        pip[key.rpartition(".")[2]] = value.strip("'\"")
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
        "trusted-host": "UV_INSECURE_HOST",
    }
    links = pip.get("find-links", "")
    if "://" not in links and not Path(links).exists():
        # pip overlooks a folder that does not exist, uv does not.
        pip.pop("find-links", None)
    found = {variable: pip[key] for key, variable in names.items() if pip.get(key)}
    found["UV_HTTP_TIMEOUT"] = pip.get("default-timeout", "180")
    return {name: value for name, value in found.items() if name not in os.environ}


def _install_uv(python: Path) -> None:
    """Install uv with pip, pinned and with the hashes of the lock file."""
    lines = LOCK.read_text("utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    end = next(number for number in range(begin, len(lines)) if not lines[number].endswith("\\"))
    wanted = VENV / "uv.lock"
    wanted.write_text("\n".join([*lines[begin : end + 1], ""]), "utf-8")
    options = ["--no-cache-dir", "--require-hashes"]
    run([str(python), "-m", "pip", "install", *options, "-r", str(wanted)])


def _sources() -> list[str]:
    folders = [CHECKOUT / "dcor_shared", CHECKOUT / "dcor_control"]
    return [str(path) for path in (*folders, *CHECKOUT.glob("ckanext-*/ckanext"))]


def _version(python: str) -> tuple[int, int]:
    asked = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([python, "-c", asked], check=False, capture_output=True, text=True)
    major, minor = (done.stdout.split() or ["0", "0"])[:2]
    return int(major), int(minor)
