"""What a dead worker leaves is taken over, and a step that kills workers ends as failed."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from ckan import model

from dcor_shared.pipeline import leases
from dcor_shared.pipeline.claims import MAX_ATTEMPTS, begin, claim
from dcor_shared.pipeline.planning import plan

from .building import make_dataset, step

LONG = "dcor-long"


@pytest.fixture
def resource_id(tx, declare):
    declare(step("a"), step("b", needs=("a",)), step("c"))
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    model.Session.commit()
    return dataset.resources[0]


@pytest.fixture
def work(resource_id):
    """Claims what can be claimed and begins the first step."""

    def claim_and_begin(worker="w"):
        begin(model.Session, claim(model.Session, resource_id, LONG, worker)[0])

    return claim_and_begin


@pytest.fixture
def name_of_dead_worker():
    """Name of a worker of this host whose process has ended."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = int(psutil.Process(process.pid).create_time() * 1000)
    process.communicate(b"\n")
    return f"{leases.worker_name().split(':')[0]}:{process.pid}:{started}"


def test_a_lease_that_has_not_run_out_is_respected(work):
    work()
    assert leases.release_expired(model.Session) == 0


def test_steps_whose_lease_ran_out_wait_again(work, resource_id, rows, sql):
    work()
    sql("UPDATE dcor_step SET lease_until = clock_timestamp()")
    assert leases.release_expired(model.Session) == 2
    found = rows(resource_id)
    assert (found["a"].state, found["a"].attempt, found["a"].error_code) == (
        "pending",
        1,
        "worker_lost",
    )
    assert (found["c"].state, found["c"].attempt, found["c"].error_code) == ("pending", 0, None)
    assert {one.step for one in claim(model.Session, resource_id, LONG, "x")} == {"a", "c"}


def test_a_step_that_kills_its_workers_waits_longer_and_longer_and_fails(
    work, resource_id, rows, sql
):
    waits = []
    for _attempt in range(MAX_ATTEMPTS):
        work()
        sql("UPDATE dcor_step SET lease_until = clock_timestamp()")
        leases.release_expired(model.Session)
        row = rows(resource_id)["a"]
        waits.append(round((row.not_before - row.finished).total_seconds()))
        sql("UPDATE dcor_step SET not_before = clock_timestamp()")
    assert waits == [0, 10, 40, 160, 640]
    found = rows(resource_id)
    assert (found["a"].state, found["a"].error_code) == ("failed", "worker_lost")
    assert (found["b"].state, found["b"].error_code) == ("skipped", "needs_failed")
    assert (found["c"].state, found["c"].attempt) == ("pending", 0)


def test_the_steps_of_a_dead_worker_of_this_host_wait_at_once(work, name_of_dead_worker):
    work(name_of_dead_worker)
    assert leases.release_dead(model.Session) == 2


def test_the_steps_of_living_workers_and_of_other_hosts_stay_theirs(work):
    work(leases.worker_name())
    assert leases.release_dead(model.Session) == 0
    assert leases.release_dead(model.Session) == 0


def test_workers_of_other_hosts_are_not_judged(work):
    work("elsewhere:1:1")
    assert leases.release_dead(model.Session) == 0


def test_a_process_with_the_same_number_is_not_the_worker():
    host, pid, started = leases.worker_name().rsplit(":", 2)
    assert leases.is_alive(f"{host}:{pid}:{started}")
    assert not leases.is_alive(f"{host}:{pid}:{int(started) + 1}")


def test_a_worker_gives_back_what_it_did_not_begin(work, resource_id, rows):
    work()
    leases.give_back(model.Session, resource_id, "w")
    assert {row.state for row in rows(resource_id).values()} == {"pending"}
