"""Steps done by a command, without workers."""

from __future__ import annotations

import pytest

from ckan import model

from dcor_shared.pipeline import catching_up
from dcor_shared.pipeline.catching_up import Selection

from .building import make_dataset, step


@pytest.fixture
def dataset(tx, with_original):
    """A dataset whose one step was never planned."""
    made = make_dataset()
    with_original(made)
    return made


def chosen(**selection) -> set[str]:
    return {one.resource_id for one in catching_up.select(Selection(**selection))}


def test_a_dataset_or_a_resource_can_be_chosen(dataset):
    other = make_dataset()
    assert chosen() >= {*dataset.resources, *other.resources}
    assert chosen(dataset=dataset.id) == set(dataset.resources)
    assert chosen(resource=other.resources[0]) == set(other.resources)


def test_deleted_datasets_can_be_left_out(dataset):
    model.Session.get(model.Package, dataset.id).state = "deleted"
    model.Session.commit()
    assert set(dataset.resources) <= chosen()
    assert not set(dataset.resources) & chosen(deleted=False)


def test_a_step_and_what_it_needs_are_done(dataset, declare):
    needed, wanted = step("a"), step("b", needs=("a",))
    declare(needed, wanted)
    (resource_id,) = dataset.resources
    assert catching_up.is_wanted(resource_id, wanted, "view")
    assert catching_up.do(resource_id, wanted).state == "done"


def test_what_was_lost_from_the_store_is_wanted_again(dataset, declare):
    wanted = step("a")
    declare(wanted)
    (resource_id,) = dataset.resources
    catching_up.do(resource_id, wanted)
    assert not catching_up.is_wanted(resource_id, wanted, "resource")
    assert catching_up.is_wanted(resource_id, wanted, "resource", again=True)
    assert catching_up.is_wanted(resource_id, wanted, "view")


def test_what_a_worker_does_is_left_alone(dataset, declare, sql):
    wanted = step("a")
    declare(wanted)
    (resource_id,) = dataset.resources
    catching_up.do(resource_id, wanted)
    sql("UPDATE dcor_step SET state = 'running' WHERE resource_id = :id", id=resource_id)
    assert not catching_up.is_wanted(resource_id, wanted, "view", again=True)
    assert catching_up.do(resource_id, wanted).state == "running"


def test_a_resource_that_is_gone_has_nothing_to_do(tx, declare):
    wanted = step("a")
    declare(wanted)
    assert not catching_up.is_wanted("unknown", wanted, "view")
    assert catching_up.do("unknown", wanted) is None
