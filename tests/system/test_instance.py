"""A whole instance survives being stopped, killed, and demonstrated again."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys

import psutil
import pytest

from dcor_control.local import orphans
from dcor_control.local.instance import layout_of
from dcor_shared.testing.measurements import write_measurement
from tests.harness import places


@pytest.fixture(scope="module")
def root():
    folder = places.ROOT / "system"
    dcor(folder, "remove", "--yes", expect=None)
    yield folder
    dcor(folder, "remove", "--yes")


@pytest.fixture(scope="module")
def file(root):
    root.mkdir(exist_ok=True)
    return write_measurement(root / "measurement.rtdc", events=60)


@pytest.fixture(scope="module")
def first(root, file):
    """What the first demonstration says and leaves."""
    return dcor(root, "demo", "--file", str(file)), described(root)


def dcor(root, *arguments, expect=0):
    done = subprocess.run(
        [sys.executable, "-m", "dcor_control", "--root", str(root), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=places.CHECKOUT,
        env=os.environ | {"COLUMNS": "200"},
    )
    said = done.stdout + done.stderr
    assert expect in {None, done.returncode}, said
    return said


def described(root):
    return json.loads((root / "demo.json").read_text())


def seconds(said):
    return float(re.search(r"Total: ([0-9.]+) s", said).group(1))


def test_the_measurement_comes_back_as_it_went_in(first):
    said, found = first
    assert said.count("✗") == 0
    assert re.search(r"Seconds from activation to the last step: [0-9.]+$", said, re.MULTILINE)
    assert found["url"] in said
    assert [user["sysadmin"] for user in found["users"]] == [True, False]


def test_tokens_are_for_nobody_else(root, first):
    for name in ("demo.json", "secrets.toml"):
        assert (root / name).stat().st_mode & 0o077 == 0


def test_everything_listens_on_localhost_and_nothing_runs_as_root(root, first):
    found = orphans.processes(layout_of(root))
    assert {process.name() for process in found} >= {"postgres", "redis-server", "ceph-osd"}
    pids = {process.pid for process in found}
    listening = [
        connection.laddr.ip
        for connection in psutil.net_connections(kind="tcp")
        if connection.pid in pids and connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}
    assert 0 not in {process.uids().real for process in found}


def test_a_second_demonstration_uploads_nothing(root, file, first):
    again = dcor(root, "demo", "--file", str(file))
    assert "uploaded before" in again
    assert described(root) == first[1]
    assert seconds(again) < 30


def test_data_are_there_after_a_stop(root, file, first):
    dcor(root, "stop")
    assert not orphans.processes(layout_of(root))
    with socket.create_server(("127.0.0.1", int(first[1]["url"].rpartition(":")[2]))):
        said = dcor(root, "start", expect=4)
    assert "(web) is taken by" in said
    assert f"process {os.getpid()}" in said
    assert "uploaded before" in dcor(root, "demo", "--file", str(file))
    assert described(root) == first[1]


def test_data_are_there_after_everything_was_killed(root, file, first):
    found = orphans.processes(layout_of(root))
    assert "supervisord" in str([process.cmdline() for process in found])
    for process in found:
        process.kill()
    psutil.wait_procs(found, timeout=20)
    assert "uploaded before" in dcor(root, "demo", "--file", str(file))
    assert described(root) == first[1]


def test_programs_that_outlived_their_supervisor_are_no_hindrance(root, file, first):
    (supervisord,) = [
        process
        for process in orphans.processes(layout_of(root))
        if "supervisor.supervisord" in process.cmdline()
    ]
    supervisord.kill()
    supervisord.wait(timeout=20)
    assert "uploaded before" in dcor(root, "demo", "--file", str(file))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda good: b"no HDF5" * 100, "not-hdf5"),
        (lambda good: good[:-1000], "truncated"),
        (lambda good: b"", "not-hdf5"),
    ],
    ids=["not HDF5", "truncated", "empty"],
)
def test_a_broken_file_is_refused_with_its_reason(root, file, first, spoil, reason):
    broken = root / "broken.rtdc"
    broken.write_bytes(spoil(file.read_bytes()))
    said = dcor(root, "demo", "--file", str(broken), expect=4)
    assert reason in said
    assert "Traceback" not in said


def test_a_missing_file_is_named(root, first):
    assert "there is no such file" in dcor(root, "demo", "--file", "missing.rtdc", expect=4)


def test_a_measurement_without_events_is_refused(root, first, tmp_path):
    empty = write_measurement(tmp_path / "empty.rtdc", events=0)
    assert "no-events" in dcor(root, "demo", "--file", str(empty), expect=4)


def test_the_instance_is_intact_after_a_refusal(root, first):
    assert "running" in dcor(root, "status")
    assert described(root) == first[1]
