"""A sandboxed task reaches nothing but what it was given."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import SandboxCrashError

needs_landlock = pytest.mark.skipif(
    not sandbox.hardening()["landlock"], reason="this kernel has no Landlock"
)
needs_seccomp = pytest.mark.skipif(
    not sandbox.hardening()["seccomp"], reason="this kernel cannot filter system calls"
)


def misbehave(how: str, arguments=None, **kwargs):
    return sandbox.call(f"misbehave-{how}", arguments, **kwargs)


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text("password")
    return path


def test_what_is_active_can_be_asked():
    assert set(sandbox.hardening()) == {"no_new_privileges", "landlock", "seccomp"}


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


@needs_seccomp
def test_there_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(SandboxCrashError, match="PermissionError"):
            misbehave("connect", {"port": port})


@needs_seccomp
@pytest.mark.parametrize("how", ["start_program", "fork"])
def test_no_other_process_can_be_started(how):
    with pytest.raises(SandboxCrashError, match="PermissionError"):
        misbehave(how)


@needs_seccomp
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
