"""A step has one runner; only who holds the claim may end it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from ckan import model

from dcor_shared.pipeline.claims import MAX_ATTEMPTS, begin, claim, fail, finish, heartbeat
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.planning import plan

from .building import make_dataset, step

LONG = "dcor-long"


@pytest.fixture
def resource_id(tx, declare):
    declare(
        step("a"),
        step("b", needs=("a",)),
        step("c"),
        step("d", queue="dcor-short"),
        step("e", needs=("b",), queue="dcor-short"),
    )
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    model.Session.commit()
    return dataset.resources[0]


@pytest.fixture
def begun(resource_id):
    """Begins the first step that can be run."""

    def begin_first(worker="w"):
        return begin(model.Session, claim(model.Session, resource_id, LONG, worker)[0])

    return begin_first


def names(claims):
    return [one.step for one in claims]


def test_all_steps_of_a_queue_that_need_nothing_are_claimed_at_once(resource_id):
    assert names(claim(model.Session, resource_id, LONG, "w")) == ["a", "c"]


def test_what_is_claimed_cannot_be_claimed_again(resource_id):
    claim(model.Session, resource_id, LONG, "w")
    assert claim(model.Session, resource_id, LONG, "other") == []


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_a_step_can_be_claimed_when_what_it_needs_is_done_or_skipped(resource_id, sql, state):
    sql("UPDATE dcor_step SET state = :state WHERE step = 'a'", state=state)
    sql("UPDATE dcor_step SET state = 'done' WHERE step = 'c'")
    assert names(claim(model.Session, resource_id, LONG, "w")) == ["b"]


@pytest.mark.parametrize(
    ("state", "names_now"),
    [("pending", ["a"]), ("running", []), ("done", ["b"]), ("failed", ["b"]), ("skipped", ["b"])],
)
def test_a_step_waits_until_the_one_it_follows_has_ended(tx, declare, sql, state, names_now):
    declare(step("a"), step("b", after=("a",)))
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    model.Session.commit()
    sql("UPDATE dcor_step SET state = :state WHERE step = 'a'", state=state)
    assert names(claim(model.Session, dataset.resources[0], LONG, "w")) == names_now


def test_steps_that_are_not_declared_any_more_are_left_alone(resource_id, declare):
    declare(step("c"))
    assert names(claim(model.Session, resource_id, LONG, "w")) == ["c"]


def test_an_attempt_is_counted_when_it_begins(begun, rows, resource_id):
    begun()
    assert (rows(resource_id)["a"].attempt, rows(resource_id)["c"].attempt) == (1, 0)


def test_the_result_of_a_lost_claim_is_refused(begun, resource_id, sql):
    lost = begun("slow")
    sql("UPDATE dcor_step SET state = 'pending', worker = NULL WHERE worker = 'slow'")
    mine = begun("fast")
    assert not finish(model.Session, lost)
    assert not fail(model.Session, lost, "code", "text", permanent=True)
    assert finish(model.Session, mine)


def test_a_worker_that_takes_its_own_step_again_cannot_end_the_first_attempt(begun, sql):
    first = begun()
    sql("UPDATE dcor_step SET state = 'pending'")
    second = begun()
    assert not finish(model.Session, first)
    assert finish(model.Session, second)


def test_the_result_for_another_object_is_refused(begun, sql):
    claimed = begun()
    sql("UPDATE dcor_step SET etag = 'new'")
    assert not finish(model.Session, claimed)


def test_a_failure_keeps_its_reason_and_waits_for_the_next_attempt(begun, rows, resource_id, sql):
    fail(model.Session, begun(), "store-unavailable", "no answer\x00", permanent=False)
    row = rows(resource_id)["a"]
    assert (row.state, row.attempt, row.error_code) == ("pending", 1, "store-unavailable")
    assert row.error_text == "no answer\ufffd"
    assert names(claim(model.Session, resource_id, LONG, "w")) == []
    sql("UPDATE dcor_step SET not_before = clock_timestamp()")
    assert "a" in names(claim(model.Session, resource_id, LONG, "other"))


def test_each_attempt_waits_four_times_as_long(begun, rows, resource_id, sql):
    waits = []
    for _attempt in range(MAX_ATTEMPTS - 1):
        fail(model.Session, begun(), "code", "text", permanent=False)
        row = rows(resource_id)["a"]
        waits.append(round((row.not_before - row.finished).total_seconds()))
        sql("UPDATE dcor_step SET not_before = clock_timestamp(), state = 'pending'")
    assert waits == [10, 40, 160, 640]


def test_after_the_last_attempt_a_step_has_failed(begun, rows, resource_id, sql):
    sql("UPDATE dcor_step SET attempt = :done", done=MAX_ATTEMPTS - 1)
    fail(model.Session, begun(), "code", "text", permanent=False)
    assert rows(resource_id)["a"].state == "failed"


def test_a_permanent_failure_is_final_and_what_needs_the_step_is_skipped(begun, rows, resource_id):
    fail(model.Session, begun(), "no-hdf5", "This is no HDF5 file.", permanent=True)
    found = rows(resource_id)
    assert {name: row.state for name, row in found.items()} == {
        "a": "failed",
        "b": "skipped",
        "c": "running",
        "d": "pending",
        "e": "skipped",
    }
    assert found["e"].error_code == "needs_failed"
    assert found["e"].error_text == "It needs the step b, which failed."


def test_a_heartbeat_renews_the_leases_of_one_worker(resource_id, rows, sql):
    claim(model.Session, resource_id, LONG, "w", lease=1)
    claim(model.Session, resource_id, "dcor-short", "other", lease=1)
    before = rows(resource_id)
    assert heartbeat(model.Session, "w", lease=100) == 2
    after = rows(resource_id)
    assert after["a"].lease_until > before["a"].lease_until
    assert after["d"].lease_until == before["d"].lease_until


def test_of_many_claimers_each_step_goes_to_one(committed, declare):
    declare(step("a"), step("b"))
    dataset = make_dataset(8)
    plan(model.Session, dataset.id)
    model.Session.commit()
    together = Barrier(4)

    def claim_all(worker):
        together.wait()
        with session() as own:
            return [
                (one.resource_id, one.step)
                for resource_id in dataset.resources
                for one in claim(own, resource_id, LONG, worker)
            ]

    with ThreadPoolExecutor(4) as pool:
        found = [pair for pairs in pool.map(claim_all, "wxyz") for pair in pairs]
    assert len(found) == len(set(found)) == 16
