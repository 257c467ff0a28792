"""``ingest``: 30 small measurements in one dataset, by DCOR-Aid's library as it is.

From the first registration until the last step of the last one is done: the ratio is 240 s, which
the reference release needs, to that time. Counted as well are the processor seconds of web server
and workers per file, what the workers write per file, and how long DCOR-Aid needs for a dataset
with one small file from its start to the activation.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg2
from dcoraid import CKANAPI
from dcoraid.api import dataset_activate, dataset_create, resource_add
from dcoraid.upload import UploadJob

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import instance
from dcor_control.local import supervisor
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.served import Served

GOAL = 8
_REFERENCE = 240.0
_FILES = 30
_EVENTS = 500
_CPU_SECONDS = 2.0
_WRITES = 2.0
_UPLOAD_SECONDS = 1.5
_PATIENCE = 300
_CIRCLE = "ingest"


def run() -> Outcome:
    """Upload a dataset of one file a few times, then one of thirty."""
    with instance() as served, tempfile.TemporaryDirectory() as name:
        api = CKANAPI(served.url, api_key=served.person.token)
        paths = [
            write_measurement(Path(name) / f"cells{number:02}.rtdc", events=_EVENTS, seed=number)
            for number in range(_FILES)
        ]
        api.post("organization_create", {"name": _CIRCLE})
        single = [_upload_one(served, api, paths[0]) for _round in range(4)][1:]
        print(f"one file, start to active: {', '.join(f'{t:.2f} s' for t in single)}", flush=True)
        seconds, problems = _ingest(served, api, paths)
    if statistics.median(single) > _UPLOAD_SECONDS:
        problems.append(f"one file takes longer than {_UPLOAD_SECONDS} s")
    return Outcome(_REFERENCE / seconds, GOAL, problems=tuple(problems))


def _upload_one(served: Served, api: CKANAPI, path: Path) -> float:
    """Seconds that DCOR-Aid needs from the start of an upload to the active dataset."""
    started = time.perf_counter()
    draft = dataset_create(_described(), api)
    job = UploadJob(api, draft["id"], [path])
    job.task_compress_resources()
    job.task_upload_resources()
    job.task_verify_resources()
    seconds = time.perf_counter() - started
    assert job.state == "done", job.traceback
    assert api.get("package_show", id=draft["id"])["state"] == "active"
    _wait(served, draft["id"])
    return seconds


def _ingest(served: Served, api: CKANAPI, paths: list[Path]) -> tuple[float, list[str]]:
    """Seconds from the first registration to the last step, and what is wrong."""
    draft = dataset_create(_described(), api)["id"]
    before = _cpu(served), _row_writes(served)
    resource_add(draft, paths[0], api)
    started = time.perf_counter()
    for path in paths[1:]:
        resource_add(draft, path, api)
    registered = time.perf_counter() - started
    _wait(served, draft)
    seconds = time.perf_counter() - started
    cpu = {name: used - before[0][name] for name, used in _cpu(served).items()}
    writes = (_row_writes(served) - before[1]) / len(paths)
    print(f"registered after {registered:.1f} s, all steps done after {seconds:.1f} s")
    print(", ".join(f"{name} {used / len(paths):.2f} CPU-s per file" for name, used in cpu.items()))
    print(f"{writes:.2f} writes of a resource per file by workers", flush=True)
    dataset_activate(draft, api)
    return seconds, [*_wrong(api, draft, paths), *_excess(sum(cpu.values()) / len(paths), writes)]


def _described() -> dict[str, Any]:
    return {
        "title": f"Ingested {time.time_ns()}",
        "authors": "Peter Fly Pan",
        "license_id": "CC0-1.0",
        "owner_org": _CIRCLE,
        "private": True,
    }


def _excess(cpu: float, writes: float) -> Iterator[str]:
    if cpu > _CPU_SECONDS:
        yield f"{cpu:.2f} CPU-s per file instead of {_CPU_SECONDS:g}"
    if writes > _WRITES:
        yield f"{writes:.2f} background writes per resource instead of {_WRITES:g}"


def _wrong(api: CKANAPI, draft: str, paths: list[Path]) -> Iterator[str]:
    """What the finished dataset lacks."""
    shown = api.get("package_show", id=draft)
    if [one["name"] for one in shown["resources"]] != [path.name for path in paths]:
        yield "the dataset has other resources"
    for one in shown["resources"]:
        if len(one.get("sha256", "")) != 64 or one.get("dc:experiment:event count") != _EVENTS:  # noqa: PLR2004
            yield f"{one['name']} is not complete"


def _wait(served: Served, dataset: str) -> None:
    """Wait until all steps are done and their values are written."""
    deadline = time.monotonic() + _PATIENCE
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*), count(*) FILTER (WHERE s.state IN ('pending', 'running')"
                " OR s.fields IS NOT NULL), count(*) FILTER (WHERE s.state = 'failed')"
                " FROM dcor_step s JOIN resource r ON r.id = s.resource_id"
                " WHERE r.package_id = %s",
                [dataset],
            )
            steps, open_, failed = cursor.fetchone()
            if failed:
                raise RuntimeError(f"{failed} steps failed")
            if steps and not open_:
                return
            link.rollback()
            time.sleep(0.1)
    raise TimeoutError(f"{open_} steps are not done after {_PATIENCE} s")


def _cpu(served: Served) -> dict[str, float]:
    """Processor seconds of the programs and of everything below them, ended or not."""
    used = {"web": 0.0, "workers": 0.0}
    for state in supervisor.states(served.layout):
        program = psutil.Process(state.pid)
        seconds = sum(_seconds(process) for process in (program, *program.children(recursive=True)))
        used["web" if state.name == "web" else "workers"] += seconds
    return used


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def _row_writes(served: Served) -> int:
    """Number of updates of rows of resources so far."""
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.1)")  # sessions report once a second
        cursor.execute("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'resource'")
        (number,) = cursor.fetchone()
    return int(number)
