"""Packages of the operating system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dcor_control.bootstrap.stages import failure, run, stage

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Packages of Debian 12/13 and Ubuntu 24.04, and what they are for.
PACKAGES = {
    "postgresql": "database and search",
    "redis-server": "queues",
    "ceph-mon": "object store",
    "ceph-osd": "object store",
    "radosgw": "object store",
    "ceph-common": "object store",
    "libmagic1": "recognises types of files (CKAN)",
    "curl": "runs the examples that are shown to people (tests)",
    "gcc": "compiles psycopg2 and uWSGI",
    "libc6-dev": "compiles psycopg2 and uWSGI",
    "libpq-dev": "compiles psycopg2",
    "python3-dev": "compiles psycopg2 and uWSGI",
    "python3-venv": "virtual environment",
}
#: Asked for with DCOR_BROWSER=1: for tests and benchmarks of the web pages. Debian only; other
#: systems have browsers under other names, or none that can be installed with apt.
BROWSER_PACKAGES = {"chromium": "shows the web pages", "fonts-dejavu-core": "texts on them"}
#: Keeps packages from starting services of their own: ours run on other ports, in `var`.
_NO_SERVICES = "/usr/sbin/policy-rc.d"
_OURS = "# for as long as packages of DCOR are installed"
_INSTALL_SCRIPT = f"""
set -e
if [ ! -e {_NO_SERVICES} ] || grep -q '^{_OURS}' {_NO_SERVICES}; then
    trap 'rm -f {_NO_SERVICES}' EXIT
    trap 'exit 130' HUP INT TERM
    printf '#!/bin/sh\\n{_OURS}\\nexit 101\\n' > {_NO_SERVICES}
    chmod 755 {_NO_SERVICES}
fi
export DEBIAN_FRONTEND=noninteractive
dpkg --configure -a
apt-get update
apt-get install --yes --no-install-recommends "$@"
"""


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
