"""A measurement of 1 GiB goes through the whole pipeline, with bounded memory and disk.

The figures are printed (``make test-large``).
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager

import pytest

from dcor_shared.testing.datasets import upload_presigned_to_s3
from dcor_shared.testing.long_measurements import write_long_measurement
from dcor_shared.testing.memory import watched_memory

EVENTS = 80_000
MIB = 2**20
#: All processes of both workers together; the idle ones take about 300 MiB.
MEMORY = 1200 * MIB
#: One scratch copy and the condensed file.
DISK = 1.1
MINUTES = 15


@pytest.fixture(scope="module")
def measurement(tmp_path_factory):
    return write_long_measurement(
        tmp_path_factory.mktemp("large") / "large.rtdc", EVENTS, noise=True
    )


@contextmanager
def watched_folder(folder):
    """Peak of the bytes in a folder."""
    peak, over = [0], threading.Event()

    def size() -> int:
        total = 0
        for path in folder.rglob("*"):
            try:
                total += path.stat().st_blocks * 512
            except FileNotFoundError:
                continue
        return total

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], size())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def register(served, path) -> tuple[str, str]:
    """Upload a file as its owner does; ids of dataset and resource."""
    person = served.person
    circle = served.call("organization_create", person, name=f"large-{time.time_ns()}")["id"]
    dataset = served.call(
        "package_create",
        person,
        title="Large",
        owner_org=circle,
        private=False,
        state="draft",
        authors="Peter Fly Pan",
        license_id="CC-BY-4.0",
    )["id"]
    allowed = served.call(
        "resource_upload_s3_urls", person, organization_id=circle, file_size=path.stat().st_size
    )
    upload_presigned_to_s3(path, allowed["upload_urls"], allowed["complete_url"])
    new = {"id": allowed["resource_id"], "name": path.name, "s3_available": True}
    served.call("package_revise", person, match={"id": dataset}, update__resources__extend=[new])
    return dataset, allowed["resource_id"]


def wait_for(served, resource, what) -> dict:
    """Wait until the processing has come so far (a key of the query ``status``)."""
    deadline = time.monotonic() + MINUTES * 60
    while time.monotonic() < deadline:
        status = served.call("dcserv", served.person, id=resource, query="status", version="3")
        if status[what]:
            return status
        time.sleep(0.5)
    pytest.fail(f"the resource was not {what} within {MINUTES} minutes: {status}")


@pytest.mark.timeout(2 * MINUTES * 60)
def test_a_gibibyte_goes_through(served, measurement, capsys):
    size = measurement.stat().st_size
    workers = [served.program("worker-short"), served.program("worker-long")]
    with watched_memory(*workers) as memory, watched_folder(served.layout.scratch) as disk:
        started = time.monotonic()
        dataset, resource = register(served, measurement)
        registered = time.monotonic()
        wait_for(served, resource, "described")
        described = time.monotonic()
        served.call(
            "package_revise", served.person, match={"id": dataset}, update={"state": "active"}
        )
        status = wait_for(served, resource, "finished")
        finished = time.monotonic()
    left = list(served.layout.scratch.glob("dcor-run_*"))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{size / 2**30:.2f} GiB, {EVENTS} events: uploaded and registered in "
            f"{registered - started:.0f} s, described {described - registered:.0f} s later, "
            f"finished {finished - described:.0f} s later\n"
            f"memory of the workers: {memory.bytes / MIB:.0f} MiB in {memory.processes} processes"
            f"\nscratch: {disk[0] / size:.3f} of the file's size\n"
        )
    assert {step["state"] for step in status["steps"]} <= {"done", "skipped"}
    assert memory.bytes < MEMORY
    assert disk[0] < DISK * size
    assert not left
