"""Datasets take turns; large files leave a worker to others."""

from __future__ import annotations

import pytest

from ckan import model

from dcor_shared.pipeline import claims, fairness
from dcor_shared.pipeline.planning import plan

from .building import make_dataset, step

LONG = "dcor-long"


@pytest.fixture
def planned(tx, declare):
    """Makes datasets whose resources wait."""
    declare(step("a"))

    def make(*args, **kwargs):
        dataset = make_dataset(*args, **kwargs)
        plan(model.Session, dataset.id)
        model.Session.commit()
        return dataset

    return make


def begin(resource_id, worker="w"):
    (claimed,) = claims.claim(model.Session, resource_id, LONG, worker)
    return claims.begin(model.Session, claimed)


def choose(*args, **kwargs):
    return fairness.choose(model.Session, LONG, *args, **kwargs)


def test_nothing_is_chosen_where_nothing_waits(tx, declare):
    declare(step("a"))
    assert choose() is None


def test_within_a_dataset_the_announced_resource_is_taken(planned):
    dataset = planned(3)
    assert choose(dataset.resources[2]) == dataset.resources[2]
    assert choose() == dataset.resources[0]


def test_a_dataset_that_nobody_works_on_comes_first(planned):
    large, small = planned(3), planned(1)
    begin(large.resources[0])
    assert choose(large.resources[1]) == small.resources[0]


def test_among_equals_the_one_served_longest_ago_comes_first(planned):
    datasets = [planned(2), planned(2)]
    order = []
    for _turn in range(4):
        chosen = choose()
        claims.finish(model.Session, begin(chosen))
        order.append(next(n for n, one in enumerate(datasets) if chosen in one.resources))
    assert order == [0, 1, 0, 1]


def test_large_files_of_one_dataset_leave_a_worker_to_others(planned):
    big = planned(sizes=[fairness.LARGE + 1] * 3)
    begin(big.resources[0])
    assert choose(slots=1) is None
    assert choose(slots=2) in big.resources


def test_small_files_may_use_all_workers(planned):
    dataset = planned(3)
    begin(dataset.resources[0])
    assert choose(slots=1) in dataset.resources


def test_a_small_file_of_the_same_dataset_does_not_wait_for_large_ones(planned):
    dataset = planned(sizes=[fairness.LARGE + 1, fairness.LARGE + 1, 10])
    begin(dataset.resources[0])
    assert choose(slots=1) == dataset.resources[2]
