"""What is public is decided by the database at the last moment."""

from __future__ import annotations

import pytest

from dcor_shared.pipeline.visibility import RestlessVisibilityError, settle

from .building import make_dataset


def test_resources_are_changed_to_what_their_dataset_is(tx):
    public, private = make_dataset(), make_dataset(private=True)
    seen = {}
    ids = [*public.resources, *private.resources, "unknown"]
    assert settle(ids, lambda wanted: seen.update(wanted) or set(wanted)) == set(ids)
    assert seen == {public.resources[0]: True, private.resources[0]: False, "unknown": False}


def test_what_could_not_be_changed_does_not_count(tx):
    dataset = make_dataset(2)
    done = set(dataset.resources[:1])
    assert settle(dataset.resources, lambda _wanted: done) == done


def test_what_changes_meanwhile_is_changed_again(tx, sql):
    dataset = make_dataset()
    rounds = []

    def change(wanted):
        rounds.append(wanted[dataset.resources[0]])
        if len(rounds) == 1:
            sql("UPDATE package SET private = true")
        return set(wanted)

    settle(dataset.resources, change)
    assert rounds == [True, False]


def test_a_dataset_that_never_comes_to_rest_is_left_for_later(tx, sql):
    dataset = make_dataset()

    def change(wanted):
        sql("UPDATE package SET private = NOT private")
        return set(wanted)

    with pytest.raises(RestlessVisibilityError):
        settle(dataset.resources, change)
