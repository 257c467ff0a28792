"""Everything that is taken away from a sandboxed process before it sees the file."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import SandboxUnavailableError
from dcor_shared.measurement.sandbox import landlock, seccomp

if TYPE_CHECKING:
    from dcor_shared.measurement.sandbox.limits import Limits

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9
#: The C library and its neighbours; modules that Python imports late live beside the interpreter.
_SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")


@cache
def hardening() -> dict[str, bool]:
    """Which protections of this kernel every sandboxed process gets.

    Resource limits, an empty environment, no inherited descriptors and "no new privileges" do not
    depend on the kernel; ``landlock`` keeps it from the file system, ``seccomp`` from the network
    and from other processes.
    """
    return {
        "no_new_privileges": True,
        "landlock": landlock.version() > 0,
        "seccomp": seccomp.is_available(),
    }


def missing_protections() -> list[str]:
    """Names of the protections that this kernel does not offer; empty as it should be."""
    return [name for name, is_active in hardening().items() if not is_active]


class _Demanded:
    """Whether nothing is looked into where a protection is missing."""

    value = False


def demand_protections(*, demanded: bool = True) -> None:
    """Let this process start no sandbox that lacks a protection, or let it do so again."""
    _Demanded.value = demanded


def require_demanded() -> None:
    """Refuse to start a sandbox that lacks a protection, where protections are demanded.

    Raises
    ------
    SandboxUnavailableError
        If there is one missing.
    """
    if _Demanded.value and (missing := missing_protections()):
        raise SandboxUnavailableError(
            f"Files are not looked into: this machine's kernel lacks {' and '.join(missing)}. Use"
            " Linux 5.13 or later with both, or see ckanext.dcor_schemas.allow_weak_sandbox."
        )


def confine(limits: Limits, readable: list[Path], writable: Path | None) -> None:
    """Confine this process for ever.

    Raises
    ------
    SandboxUnavailableError
        If it has other threads, which would keep all that this one loses.
    """
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise SandboxUnavailableError(
            "The file is not looked into: the process for it has threads that cannot be confined;"
            " please report this."
        )
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _limit_resources(limits)
    active = hardening()
    if active["landlock"]:
        landlock.restrict([*readable, *_libraries()], [writable] if writable else [])
    if active["seccomp"]:
        seccomp.restrict()


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _libraries() -> list[Path]:
    folders = {Path(prefix) / "lib" for prefix in (sys.prefix, sys.base_prefix)}
    package = Path(__file__).resolve().parents[2]
    return [*sorted(folders), package, *map(Path, _SYSTEM_LIBRARIES)]


def _limit_resources(limits: Limits) -> None:
    used = _address_space()
    for kind, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_size_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, used + limits.memory_bytes),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        # at the hard limit of computing time the kernel kills without saying why
        spare = 1 if kind == resource.RLIMIT_CPU and allowed != hard else 0
        resource.setrlimit(kind, (allowed, allowed + spare))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
