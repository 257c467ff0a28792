"""Makes a fresh machine able to run the suite: ``python3 -m dcor_control.bootstrap [COMMAND …]``.

Runs with the system's Python and nothing else: it installs the missing packages of the operating
system, creates the virtual environment ``.venv``, fills it from ``requirements.lock`` (hashes
checked) and installs the suite. What is there already is left alone. COMMAND is then run inside.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dcor_control import assets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
LOCK = CHECKOUT / "requirements.lock"
LOG = CHECKOUT / "var" / "bootstrap.log"
#: Digest of what the environment was filled from.
STAMP = VENV / "dcor-installed"

#: Packages of Debian 12/13 and Ubuntu 24.04, and what they are for.
PACKAGES = {
    "postgresql": "database and search",
    "redis-server": "queues",
    "ceph-mon": "object store",
    "ceph-osd": "object store",
    "radosgw": "object store",
    "ceph-common": "object store",
    "libmagic1": "recognises types of files (CKAN)",
    "gcc": "compiles psycopg2 and uWSGI",
    "libc6-dev": "compiles psycopg2 and uWSGI",
    "libpq-dev": "compiles psycopg2",
    "python3-dev": "compiles psycopg2 and uWSGI",
    "python3-venv": "virtual environment",
}
#: Asked for with DCOR_BROWSER=1: for tests and benchmarks of the web pages. Debian only; other
#: systems have browsers under other names, or none that can be installed with apt.
BROWSER_PACKAGES = {"chromium": "shows the web pages", "fonts-dejavu-core": "texts on them"}
_OLDEST, _NEWEST = (3, 11), (3, 13)
#: Keeps packages from starting services of their own: ours run on other ports, in `var`.
_NO_SERVICES = "/usr/sbin/policy-rc.d"
_INSTALL_SCRIPT = f"""
set -e
if [ ! -e {_NO_SERVICES} ]; then
    printf '#!/bin/sh\\nexit 101\\n' > {_NO_SERVICES}
    chmod 755 {_NO_SERVICES}
    trap 'rm -f {_NO_SERVICES}' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends "$@"
"""


def main(command: Sequence[str]) -> None:
    """Install what is missing, then become `command`."""
    began = time.time()
    os.umask(0o022)
    LOG.parent.mkdir(exist_ok=True)
    install_packages()
    python = create_environment()
    fill_environment(python)
    build_assets()
    if command:
        if command[0] == "dcor":
            os.environ["DCOR_STARTED"] = str(began)
        os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
        sys.stdout.flush()
        os.execvp(command[0], list(command))  # noqa: S606 - a command of the Makefile


def install_packages() -> None:
    """Install the system packages that are missing; root is asked for only then."""
    missing = missing_packages()
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise failure(
            "These programs are missing, and this system has no apt: " + ", ".join(missing)
        )
    with stage(f"System packages: {' '.join(missing)}"):
        run([*_as_root(missing), "sh", "-c", _INSTALL_SCRIPT, "sh", *missing])


def wanted_packages() -> list[str]:
    """Packages that have to be there for what is going to be done."""
    release = Path("/etc/os-release")
    is_debian = release.exists() and "ID=debian" in release.read_text("utf-8").splitlines()
    browser = BROWSER_PACKAGES if os.environ.get("DCOR_BROWSER") and is_debian else {}
    return [*PACKAGES, *browser]


def missing_packages() -> list[str]:
    """Packages that dpkg does not know as installed."""
    wanted = wanted_packages()
    if shutil.which("dpkg-query") is None:
        return wanted
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status} ${Provides}\\n"],
        check=False,
        capture_output=True,
        text=True,
    )
    installed = set()
    for line in found.stdout.splitlines():
        name, status, provides = [*line.split(" ", 2), "", ""][:3]
        if status == "installed":
            # libmagic1t64 provides libmagic1 on newer systems.
            installed |= {name} | {part.split()[0] for part in provides.split(",") if part.split()}
    installed |= _instead(installed)
    return [name for name in wanted if name not in installed]


def create_environment() -> Path:
    """Create the virtual environment unless it exists; its Python."""
    python = VENV / "bin" / "python"
    if os.geteuid() == 0 and not everybody_can_enter(CHECKOUT):
        raise failure(
            f"Root starts the services as an ordinary account, but only some accounts can reach "
            f"{CHECKOUT}. Move it (for example below /srv), or work as an ordinary user."
        )
    if python.exists():
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


def build_assets() -> None:
    """Build the scripts of the web pages unless they are as their sources."""
    if assets.is_outdated():
        with stage("Scripts of the web pages"):
            assets.build(run, VENV)


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


@contextmanager
def stage(title: str) -> Iterator[None]:
    """Name what is being done, and say how long it took."""
    began = time.monotonic()
    say(f"… {title}")
    yield
    say(f"✓ {title.split(':', maxsplit=1)[0]:<60} {time.monotonic() - began:6.1f} s")


def run(command: Sequence[str], env: dict[str, str] | None = None) -> None:
    """Run a command; its output goes to the log, and is shown if it fails."""
    with LOG.open("ab") as log:
        start = log.tell()
        done = subprocess.run(
            command, check=False, stdout=log, stderr=log, env=os.environ | (env or {})
        )
    if done.returncode != 0:
        tail = LOG.read_bytes()[start:].decode(errors="replace").splitlines()[-30:]
        raise failure(
            "\n".join([f"'{command[0]}' failed ({done.returncode}):", *tail, f"(log: {LOG})"])
        )


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - there is nothing else before the installation


def failure(text: str) -> SystemExit:
    """Tell people what is wrong; raise the result to end."""
    print(f"Not done: {text}", file=sys.stderr)  # noqa: T201
    return SystemExit(4)


def _as_root(missing: Sequence[str]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise failure(
            "System packages are missing and there is no sudo. As root, run\n"
            f"    apt-get install --no-install-recommends {' '.join(missing)}"
        )
    # Without a terminal nobody can type a password.
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


def _instead(installed: set[str]) -> set[str]:
    """Names that are as good as installed: a versioned server stands for `postgresql`."""
    found = set()
    if any(name.startswith("postgresql-") and name[11:].isdigit() for name in installed):
        found.add("postgresql")
    return found


def _install_uv(python: Path) -> None:
    """Install uv with pip, pinned and with the hashes of the lock file."""
    lines = LOCK.read_text("utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    end = next(number for number in range(begin, len(lines)) if not lines[number].endswith("\\"))
    wanted = VENV / "uv.lock"
    wanted.write_text("\n".join([*lines[begin : end + 1], ""]), "utf-8")
    run([str(python), "-m", "pip", "install", "--require-hashes", "-r", str(wanted)])


def _sources() -> list[str]:
    folders = [CHECKOUT / "dcor_shared", CHECKOUT / "dcor_control"]
    return [str(path) for path in (*folders, *CHECKOUT.glob("ckanext-*/ckanext"))]


def _version(python: str) -> tuple[int, int]:
    asked = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([python, "-c", asked], check=False, capture_output=True, text=True)
    major, minor = (done.stdout.split() or ["0", "0"])[:2]
    return int(major), int(minor)


if __name__ == "__main__":
    main(sys.argv[1:])
