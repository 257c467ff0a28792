"""What people are told about steps, and trying again."""

from __future__ import annotations

import pytest

from ckan import model

from dcor_shared.pipeline import states
from dcor_shared.pipeline.planning import plan

from .building import make_dataset, step

LONG = "dcor-long"


@pytest.fixture
def resource_id(tx, declare):
    declare(step("b", needs=("a",)), step("a"), step("c", needs=("b",)))
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    model.Session.commit()
    return dataset.resources[0]


@pytest.fixture
def failed(resource_id):
    """The first step has failed for good."""
    (claimed,) = states.claim(model.Session, resource_id, LONG, "w")
    begun = states.begin(model.Session, claimed)
    states.fail(model.Session, begun, "no-events", "There are no events.", permanent=True)
    return resource_id


def test_the_states_are_in_the_order_of_needs(resource_id):
    found = states.status(model.Session, [resource_id])[resource_id]
    assert [(one.step, one.title, one.state) for one in found] == [
        ("a", "A", "pending"),
        ("b", "B", "pending"),
        ("c", "C", "pending"),
    ]


def test_a_resource_without_steps_has_an_empty_list(resource_id):
    assert states.status(model.Session, ["unknown"]) == {"unknown": []}


def test_the_states_of_many_resources_are_one_statement(resource_id, statements):
    with statements() as seen:
        states.status(model.Session, [resource_id, "unknown"])
    assert len(seen) == 1


def test_a_failure_is_told_with_its_reason(failed):
    first, second, _third = states.status(model.Session, [failed])[failed]
    assert (first.state, first.attempt, first.error_code) == ("failed", 1, "no-events")
    assert first.error_text == "There are no events."
    assert first.is_final
    assert (second.state, second.error_code) == ("skipped", "needs_failed")


def test_trying_again_takes_what_depends_on_the_step_along(failed):
    assert sorted(states.retry(model.Session, failed)) == ["a", "b", "c"]
    found = states.status(model.Session, [failed])[failed]
    assert {(one.state, one.attempt, one.error_code) for one in found} == {("pending", 0, None)}


def test_one_step_can_be_tried_again(failed):
    assert sorted(states.retry(model.Session, failed, "a")) == ["a", "b", "c"]


def test_trying_another_step_again_leaves_the_failed_one_alone(failed):
    states.retry(model.Session, failed, "c")
    found = states.status(model.Session, [failed])[failed]
    assert [one.state for one in found] == ["failed", "skipped", "skipped"]


def test_trying_again_ends_the_waiting_for_the_next_attempt(resource_id):
    (claimed,) = states.claim(model.Session, resource_id, LONG, "w")
    begun = states.begin(model.Session, claimed)
    states.fail(model.Session, begun, "code", "text", permanent=False)
    assert states.retry(model.Session, resource_id) == ["a"]
    assert len(states.claim(model.Session, resource_id, LONG, "w")) == 1


def test_what_is_done_is_not_done_again(resource_id):
    (claimed,) = states.claim(model.Session, resource_id, LONG, "w")
    states.finish(model.Session, states.begin(model.Session, claimed))
    assert states.retry(model.Session, resource_id) == []
