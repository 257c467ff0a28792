"""Everything that was lost is found again."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import claims, outbox, reconcile
from dcor_shared.pipeline.fairness import LARGE
from dcor_shared.pipeline.planning import plan
from dcor_shared.pipeline.steps import StepResult
from dcor_shared.testing.pipeline import run_pending

from .building import make_dataset, step


@pytest.fixture(autouse=True)
def queue(ckan):
    found = tk.get_job_queue("dcor-long")
    found.empty()
    yield found
    found.empty()


@pytest.fixture
def dataset(tx, declare, store):
    declare(step("a", lambda _context: StepResult(fields={"format": "RT-DC"})))
    return make_dataset()


def test_a_resource_that_nobody_planned_is_planned_and_announced(dataset, queue):
    assert reconcile.plan_forgotten() == 1
    assert len(queue) == 1
    assert reconcile.plan_forgotten() == 0


def test_steps_of_lost_workers_are_announced_again(dataset, queue, sql):
    plan(model.Session, dataset.id)
    claims.claim(model.Session, dataset.resources[0], "dcor-long", "lost")
    model.Session.commit()
    reconcile.reconcile()
    assert len(queue) == 0
    sql("UPDATE dcor_step SET lease_until = clock_timestamp()")
    reconcile.reconcile()
    assert len(queue) == 1


def test_values_that_a_dead_worker_did_not_write_are_written(dataset, sql):
    plan(model.Session, dataset.id)
    model.Session.commit()
    (claimed,) = claims.claim(model.Session, dataset.resources[0], "dcor-long", "w")
    begun = claims.begin(model.Session, claimed)
    claims.finish(model.Session, begun, {"format": "RT-DC"})
    model.Session.commit()
    sql("UPDATE dcor_step SET finished = finished - interval '1 minute'")
    reconcile.reconcile()
    assert sql("SELECT format FROM resource") == [("RT-DC",)]


def test_wishes_that_nobody_executed_are_executed(dataset, with_original):
    with_original(dataset)
    outbox.add(model.Session(), "visibility", dataset.circle_id, dataset.resources)
    model.Session.commit()
    reconcile.reconcile()
    assert outbox.drain() == 0


def test_only_one_process_reconciles_at_a_time(dataset):
    with reconcile._only_one() as first, reconcile._only_one() as second:
        assert (first, second) == (True, False)
    with reconcile._only_one() as third:
        assert third


def test_nothing_happens_where_nothing_was_lost(dataset, queue):
    plan(model.Session, dataset.id)
    model.Session.commit()
    run_pending()
    reconcile.reconcile()
    assert len(queue) == 0


def test_few_messages_are_sent_for_large_files_that_wait_for_each_other(dataset, queue):
    large = make_dataset(sizes=[LARGE + 1] * 20)
    plan(model.Session, large.id)
    model.Session.commit()
    assert reconcile.requeue() == 8
