"""Workers as real processes: killed, stopped, several at once, and with an emptied Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import iter_objects
from dcor_shared.pipeline import enqueue, states
from dcor_shared.pipeline import worker as worker_module
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.planning import plan
from tests.harness import configuration, places

from .building import make_dataset
from .program import STEPS

QUEUES = ("dcor-short", "dcor-normal", "dcor-long")


@pytest.fixture
def instance(services, run, committed, store, tmp_path):
    """Configuration of the workers: the test's database, store and scratch."""
    text = configuration.ini_text(
        services, committed.url.database, "unused", redis_database=run.redis_database
    )
    bucket = store.settings.bucket_name.replace("%", "%%")
    lines = [
        f"dcor_object_store.bucket_name = {bucket}"
        if line.startswith("dcor_object_store.bucket_name")
        else f"ckanext.dc_serve.tmp_dir = {tmp_path / 'scratch'}"
        if line.startswith("ckanext.dc_serve.tmp_dir")
        else line
        for line in text.splitlines()
    ]
    ini = tmp_path / "worker.ini"
    ini.write_text("\n".join(lines))
    (tmp_path / "scratch").mkdir()
    _forget_messages()
    yield ini
    _forget_messages()


def _forget_messages():
    for name in QUEUES:
        queue = tk.get_job_queue(name)
        for key in queue.connection.scan_iter("rq:*"):
            queue.connection.delete(key)


@pytest.fixture
def gates(tmp_path):
    folder = tmp_path / "gates"
    folder.mkdir()
    return folder


@pytest.fixture
def worker(instance, gates):
    """Starts workers; all of them are ended after the test."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "tests.dcor_shared.pipeline.program", instance]
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=places.CHECKOUT,
            env=os.environ | {"DCOR_TEST_GATES": str(gates)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def dataset(instance, declare, with_original):
    """A dataset with two resources that were just registered."""
    declare(*STEPS)
    made = make_dataset(2)
    with_original(made)
    plan(model.Session, made.id)
    model.Session.commit()
    enqueue.enqueue(made.resources)
    return made


def found(dataset):
    with session() as own:
        status = states.status(own, dataset.resources)
    return {(one.step, str(one.state), one.attempt) for steps in status.values() for one in steps}


DONE = {("describe", "done", 1), ("hash", "done", 1), ("condense", "done", 1)}


def test_a_step_is_done_by_the_next_worker_when_the_first_is_killed_in_the_middle(
    worker, dataset, store, gates, tmp_path
):
    gate = gates / "gate"
    os.mkfifo(gate)
    first = worker(*QUEUES, "--burst")
    with gate.open() as fifo:
        assert fifo.read() == "in the middle"
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert list((tmp_path / "scratch").iterdir()) != []
    gate.unlink()

    assert worker(*QUEUES, "--burst").wait(60) == 0
    assert found(dataset) == DONE | {("condense", "done", 2)}
    assert list((tmp_path / "scratch").iterdir()) == []
    expected = {
        object_name(store.settings, dataset.circle_id, resource_id, artifact)
        for resource_id in dataset.resources
        for artifact in ("resource", "condensed")
    }
    bucket = next(iter(expected)).bucket
    assert {item.name for item in iter_objects(store, bucket)} == expected
    uploads = store.client.list_multipart_uploads(Bucket=bucket)
    assert "Uploads" not in uploads


def test_a_worker_does_everything_there_is_to_do_also_when_redis_was_emptied(worker, dataset):
    _forget_messages()
    assert worker(*QUEUES, "--burst").wait(60) == 0
    assert found(dataset) == DONE
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": dataset.id})
    for resource in shown["resources"]:
        assert resource["format"] == "RT-DC"
        assert len(resource["sha256"]) == 64


def test_order_holds_between_workers(worker, dataset, committed):
    second = worker("dcor-long", "--max-jobs", "2")
    first = worker("dcor-normal", "--burst")
    assert (first.wait(60), second.wait(60)) == (0, 0)
    assert found(dataset) == DONE
    query = sa.text(
        "SELECT a.finished <= b.started FROM dcor_step a JOIN dcor_step b USING (resource_id)"
        " WHERE a.step = 'describe' AND b.step <> 'describe'"
    )
    with committed.connect() as connection:
        assert list(connection.execute(query).scalars()) == [True] * 4


def test_a_worker_that_is_asked_to_stop_finishes_its_step_and_begins_no_other(
    worker, dataset, gates
):
    gate = gates / "gate"
    os.mkfifo(gate)
    process = worker(*QUEUES)
    with gate.open() as fifo:
        fifo.read()
    process.terminate()
    assert process.wait(60) == 0
    with session() as own:
        first, second = states.status(own, dataset.resources).values()
    assert [str(one.state) for one in first] == ["done", "done", "done"]
    assert "running" not in {str(one.state) for one in second}
    assert str(second[-1].state) == "pending"


def test_ckan_s_own_worker_runs_the_same_jobs(instance, with_original, gates):
    dataset = make_dataset(name="notes.txt")
    with_original(dataset)
    plan(model.Session, dataset.id)
    model.Session.commit()
    enqueue.enqueue(dataset.resources)
    ckan = Path(sys.executable).with_name("ckan")
    command = [ckan, "-c", instance, "jobs", "worker", "--burst", "--no-scheduler", "dcor-long"]
    subprocess.run(command, check=True, timeout=60)
    assert ("hash", "done", 1) in found(dataset)


def test_protections_that_the_kernel_lacks_are_in_the_log(monkeypatch, caplog):
    monkeypatch.setattr(worker_module.sandbox, "missing_protections", lambda: ["landlock"])
    worker_module.warn_of_missing_protections()
    assert "lacks landlock" in caplog.text
