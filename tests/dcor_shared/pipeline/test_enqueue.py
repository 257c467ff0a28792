"""Messages: one per resource and queue, never lost for good, never an error for the request."""

from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import enqueue, reconcile
from dcor_shared.pipeline.planning import plan
from dcor_shared.pipeline.steps import Queue

from .building import make_dataset, step


@pytest.fixture
def queue():
    """The queue of long steps, empty before and after."""
    found = tk.get_job_queue("dcor-long")
    found.empty()
    yield found
    found.empty()


@pytest.fixture
def dataset(tx, declare, queue):
    declare(step("a"), step("b", needs=("a",), queue=Queue.SHORT))
    made = make_dataset(2)
    plan(model.Session, made.id)
    model.Session.commit()
    return made


def test_each_resource_gets_a_message_on_the_queue_of_what_it_can_do_now(dataset, queue):
    assert enqueue.enqueue(dataset.resources) == 2
    assert [job.args for job in queue.jobs] == [[one, "dcor-long"] for one in dataset.resources]
    assert enqueue.waiting_resources("dcor-long") == set(dataset.resources)
    assert tk.get_job_queue("dcor-short").job_ids == []


def test_a_message_on_its_way_is_not_sent_again(dataset, queue):
    enqueue.enqueue(dataset.resources)
    assert enqueue.enqueue(dataset.resources) == 0
    assert len(queue) == 2


@pytest.mark.parametrize("status", ["finished", "failed", "stopped", "canceled"])
def test_an_old_message_does_not_block_a_new_one(dataset, queue, status):
    enqueue.enqueue(dataset.resources)
    for job in queue.jobs:
        job.set_status(status)
        queue.remove(job)
    assert enqueue.enqueue(dataset.resources) == 2
    assert len(queue) == 2


def test_the_message_of_a_killed_worker_does_not_block_a_new_one(dataset, queue):
    for _worker in range(3):
        enqueue.enqueue(dataset.resources)
        assert len(queue) == 2
        for job in queue.jobs:
            job.set_status("started")
            queue.remove(job)
    for job_id in queue.job_ids:
        tk.job_from_id(job_id).delete()


def test_a_request_does_not_fail_because_redis_is_away(dataset, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise RedisConnectionError("refused")

    monkeypatch.setattr(tk, "job_from_id", fail)
    assert enqueue.enqueue(dataset.resources) == 0
    assert "the workers find them when Redis is back" in caplog.text


def test_what_was_lost_with_redis_is_sent_again(dataset, queue):
    enqueue.enqueue(dataset.resources)
    queue.connection.flushdb()
    assert reconcile.requeue() == 2
    assert reconcile.requeue() == 0
    assert len(queue) == 2


def test_finished_resources_need_no_message(dataset, sql):
    sql("UPDATE dcor_step SET state = 'done'")
    assert enqueue.enqueue(dataset.resources) == 0
    assert enqueue.enqueue([]) == 0
