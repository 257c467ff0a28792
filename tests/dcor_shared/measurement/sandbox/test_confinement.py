"""A sandboxed task reaches nothing but what it was given."""

from __future__ import annotations

import errno
import os
import platform
import re
import socket
import subprocess
import sys

import pytest

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import SandboxCrashError, SandboxUnavailableError
from dcor_shared.measurement.sandbox import confinement

#: Kernels since then can do what the sandbox asks for; there a missing protection is a failure.
#: Continuous integration (``CI``) never does without.
FIRST_KERNEL_WITH_LANDLOCK = (5, 13)
KERNEL = tuple(int(number) for number in re.findall(r"\d+", platform.release())[:2])
HAS_LANDLOCK = bool(os.environ.get("CI")) or KERNEL >= FIRST_KERNEL_WITH_LANDLOCK

needs_landlock = pytest.mark.skipif(
    not HAS_LANDLOCK, reason=f"Linux {platform.release()} has no Landlock"
)


def misbehave(how: str, arguments=None, **kwargs):
    return sandbox.call(f"misbehave-{how}", arguments, **kwargs)


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text("password")
    return path


def test_every_protection_is_active():
    expected = {"no_new_privileges": True, "landlock": HAS_LANDLOCK, "seccomp": True}
    assert sandbox.hardening() == expected


def test_missing_protections_are_named(monkeypatch):
    monkeypatch.setattr(confinement.landlock, "version", lambda: 0)
    confinement.hardening.cache_clear()
    assert sandbox.missing_protections() == ["landlock"]
    confinement.hardening.cache_clear()


@pytest.fixture
def weak_kernel(monkeypatch):
    """A kernel without Landlock; sandboxes are started anew on it."""
    sandbox.close()
    monkeypatch.setattr(confinement.landlock, "version", lambda: 0)
    confinement.hardening.cache_clear()
    yield
    sandbox.demand_protections(demanded=False)
    confinement.hardening.cache_clear()
    sandbox.close()


def test_nothing_is_looked_into_without_protections_that_are_demanded(weak_kernel):
    sandbox.demand_protections()
    with pytest.raises(SandboxUnavailableError, match="lacks landlock"):
        misbehave("read_file", {"path": "/etc/passwd"})


@needs_landlock
def test_protections_that_are_there_can_be_demanded():
    sandbox.demand_protections()
    try:
        confinement.require_demanded()
    finally:
        sandbox.demand_protections(demanded=False)


@needs_landlock
@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/maps", "/proc/1/environ"])
def test_system_files_cannot_be_read(path):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave("read_file", {"path": path})


@needs_landlock
def test_other_local_files_cannot_be_read(secret, tmp_path):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave("read_file", {"path": str(secret)})
    other = tmp_path / "other"
    other.write_text("")
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave("read_file", {"path": str(secret)}, readable=[other])


def test_a_readable_file_can_be_read(secret):
    assert misbehave("read_file", {"path": str(secret)}, readable=[secret]) == "password"


@needs_landlock
def test_a_readable_file_cannot_be_written(secret):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave("write_file", {"path": str(secret)}, readable=[secret])
    assert secret.read_text() == "password"


@needs_landlock
def test_nothing_can_be_written_beside_the_result(tmp_path):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave(
            "write_file",
            {"path": str(tmp_path / "other")},
            writable=tmp_path / "out",
            limits=sandbox.Limits(file_size_bytes=1000),
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@needs_landlock
def test_folders_cannot_be_listed():
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave("list_folder", {"path": "/"})


def test_there_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(SandboxCrashError, match="PermissionError"):
            misbehave("connect", {"port": port})


@pytest.mark.parametrize("how", ["start_program", "fork"])
def test_no_other_process_can_be_started(how):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave(how)


def test_other_processes_are_out_of_reach():
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave("signal_parent", {"pid": os.getpid()})
    assert misbehave("trace_parent", {"pid": os.getpid()}) == errno.EPERM


def test_the_environment_is_not_handed_on(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    sandbox.close()
    assert sandbox.zygote_pid() is None
    environment = misbehave("environment")
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert environment["HDF5_PLUGIN_PRELOAD"] == "::"


def test_descriptors_are_not_handed_on(secret):
    with secret.open():
        assert misbehave("descriptors") == [3]


_WITH_A_THREAD = """
import sys, threading
from dcor_shared.measurement.sandbox import Limits
from dcor_shared.measurement.sandbox.confinement import confine

threading.Thread(target=threading.Event().wait, daemon=True).start()
confine(Limits(), [], None)
"""


def test_a_process_with_other_threads_is_not_taken_for_confined():
    ended = subprocess.run(
        [sys.executable, "-c", _WITH_A_THREAD], capture_output=True, text=True, check=False
    )
    assert "SandboxUnavailableError: " in ended.stderr
    assert "threads that cannot be confined" in ended.stderr
