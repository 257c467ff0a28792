"""What a transaction asked of the store is done after it, and again until it worked."""

from __future__ import annotations

import pytest

from ckan import model

from dcor_shared.objects.names import ARTIFACTS, object_name
from dcor_shared.objects.publication import is_published
from dcor_shared.objects.store import head
from dcor_shared.pipeline import artifacts, outbox

from .building import BYTES, make_dataset


@pytest.fixture
def dataset(tx, with_original):
    made = make_dataset(3)
    with_original(made)
    return made


@pytest.fixture
def ask(dataset):
    def add(action="visibility", resource_ids=None, **kwargs):
        ids = dataset.resources if resource_ids is None else resource_ids
        outbox.add(model.Session(), action, dataset.circle_id, ids, **kwargs)
        model.Session.commit()

    return add


@pytest.fixture
def published(dataset, store):
    """Which originals everybody may read."""

    def look():
        names = [object_name(store.settings, dataset.circle_id, key) for key in dataset.resources]
        return [is_published(store, name) for name in names]

    return look


@pytest.mark.parametrize(
    ("state", "public"),
    [
        ({"state": "active", "private": False}, True),
        ({"state": "active", "private": True}, False),
        ({"state": "draft", "private": False}, False),
        ({"state": "deleted", "private": False}, False),
    ],
    ids=str,
)
def test_objects_become_what_their_dataset_is_at_that_time(ask, published, sql, state, public):
    ask()
    sql("UPDATE package SET state = :state, private = :private", **state)
    assert outbox.drain() == 0
    assert published() == [public] * 3


def test_objects_of_a_dataset_that_is_private_again_are_hidden(ask, published, sql):
    ask()
    outbox.drain()
    sql("UPDATE package SET private = true")
    ask()
    outbox.drain()
    assert published() == [False] * 3


def test_objects_of_a_purged_resource_are_hidden(ask, published, sql, dataset):
    ask()
    outbox.drain()
    ask()
    sql("DELETE FROM resource WHERE id = :id", id=dataset.resources[0])
    outbox.drain()
    assert published() == [False, True, True]


def test_a_change_during_execution_is_not_overlooked(ask, published, sql, monkeypatch):
    real = artifacts.set_public

    def hide_meanwhile(*args, public):
        real(*args, public=public)
        made_private.append(public)

    made_private = []
    monkeypatch.setattr(artifacts, "set_public", hide_meanwhile)
    wanted = outbox.visibility.public_ids

    def public_then_private(own, ids):
        found = wanted(own, ids)
        sql("UPDATE package SET private = true")
        return found

    monkeypatch.setattr(outbox.visibility, "public_ids", public_then_private)
    ask()
    outbox.drain()
    assert made_private == [True] * 3 + [False] * 3
    assert published() == [False] * 3


def test_all_objects_of_a_purged_resource_are_deleted(ask, dataset, store, sql):
    gone, *_rest = dataset.resources
    for artifact in ARTIFACTS:
        name = object_name(store.settings, dataset.circle_id, gone, artifact)
        store.client.put_object(Bucket=name.bucket, Key=name.key, Body=BYTES)
    ask("delete", [gone])
    sql("DELETE FROM resource WHERE id = :id", id=gone)
    assert outbox.drain() == 0
    names = [object_name(store.settings, dataset.circle_id, gone, one) for one in ARTIFACTS]
    assert [head(store, name) for name in names] == [None] * len(names)


def test_the_objects_of_a_living_resource_are_not_deleted(ask, dataset, store):
    ask("delete")
    assert outbox.drain() == 0
    assert head(store, object_name(store.settings, dataset.circle_id, dataset.resources[0]))


def test_nothing_is_done_before_its_time(ask):
    ask(delay=100)
    assert outbox.drain() == 3


def test_only_what_was_asked_for_is_done(ask, dataset, published):
    ask()
    assert outbox.drain(dataset.resources[:1]) == 0
    assert published() == [True, False, False]
    assert outbox.drain() == 0


def test_a_failure_keeps_its_reason_and_is_tried_again(ask, published, sql, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ConnectionError("the store is away")

    ask()
    with monkeypatch.context() as patch:
        patch.setattr(artifacts, "set_public", fail)
        assert outbox.drain() == 3
    rows = sql("SELECT error_text, attempt FROM dcor_outbox")
    assert {tuple(row) for row in rows} == {("ConnectionError: the store is away", 1)}
    assert outbox.drain() == 3, "it waits before it is tried again"
    sql("UPDATE dcor_outbox SET not_before = clock_timestamp()")
    assert outbox.drain() == 0
    assert published() == [True] * 3


def test_a_rollback_takes_the_wish_along(dataset):
    outbox.add(model.Session(), "visibility", dataset.circle_id, dataset.resources)
    model.Session.rollback()
    assert outbox.drain() == 0


def test_unknown_actions_are_refused(ask):
    with pytest.raises(outbox.UnknownActionError, match="publish"):
        ask("publish")
