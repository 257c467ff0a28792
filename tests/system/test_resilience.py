"""Whatever is killed or emptied: a measurement that was registered gets processed, once."""

from __future__ import annotations

import time

import boto3
import psutil
import pytest
import redis
from botocore.config import Config

from dcor_control.demo import measurement, upload
from dcor_control.local import supervisor
from dcor_shared.testing.measurements import write_measurement

_PATIENCE = 120.0


@pytest.fixture
def api(served):
    return upload.connect(served.url, served.person.token)


@pytest.fixture
def register(served, api, tmp_path):
    """Uploads a new measurement of so many events; it is processed without being activated."""

    def uploads(events: int, seed: int) -> upload.Uploaded:
        path = write_measurement(tmp_path / f"m{seed}.rtdc", events=events, seed=seed)
        return upload.upload(api, upload.ensure_circle(api), measurement.examine(path))

    return uploads


@pytest.fixture
def keys_of(served):
    """All keys of the store that have to do with a resource."""
    keys = served.store
    client = boto3.client(
        "s3",
        endpoint_url=served.s3_endpoint,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        region_name="us-east-1",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )

    def keys(uploaded: upload.Uploaded) -> list[str]:
        bucket = served.bucket_name.format(organization_id=uploaded.circle)
        found = client.list_objects_v2(Bucket=bucket).get("Contents", [])
        return sorted(item["Key"] for item in found if uploaded.resource[6:] in item["Key"])

    yield keys
    client.close()


def wait_until(condition, what: str):
    deadline = time.monotonic() + _PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"this did not happen: {what}"
        time.sleep(0.05)
    return found


def step(api, uploaded, name):
    return {found["step"]: found for found in upload.steps_of(api, uploaded)}[name]


def test_another_attempt_finishes_what_a_killed_worker_began(served, api, register, keys_of):
    uploaded = register(events=3000, seed=1)
    wait_until(lambda: step(api, uploaded, "condense")["started"], "condensing begins")
    worker = served.program("worker-long")
    family = [worker, *worker.children(recursive=True)]
    worker.kill()
    steps = upload.wait_for_steps(api, uploaded, lambda _steps: None)

    assert {found["step"]: found["state"] for found in steps}["condense"] == "done"
    assert step(api, uploaded, "condense")["attempt"] == 2
    prefixes = [key.partition("/")[0] for key in keys_of(uploaded)]
    assert prefixes == ["condensed", "preview", "resource", "view"]
    assert not [process for process in family if process.is_running()]
    wait_until(lambda: not _left_in(served.layout.scratch), "scratch is empty")


def test_steps_run_although_redis_forgot_them(served, api, register):
    names = ["worker-short", "worker-long"]
    supervisor.stop_programs(served.layout, names)
    uploaded = [register(events=100, seed=seed) for seed in (2, 3)]
    with redis.Redis.from_url(served.redis_url) as client:
        client.flushdb()
    supervisor.start_programs(served.layout, names)

    for one in uploaded:
        states = {found["state"] for found in upload.wait_for_steps(api, one, lambda _s: None)}
        assert states <= {"done", "skipped"}


def test_a_killed_program_is_started_again(served):
    before = served.program("worker-short")
    before.kill()
    psutil.wait_procs([before], timeout=10)
    wait_until(
        lambda: (now := served.program("worker-short")) and now.pid not in {0, before.pid},
        "a new worker runs",
    )


def _left_in(scratch):
    """Copies of measurements that nobody works on; caches of libraries do not count."""
    return [path for path in scratch.rglob("*") if path.is_file() and path.suffix == ".rtdc"]
