"""Every object gets its steps once; a new object starts anew."""

from __future__ import annotations

from ckan import model

from dcor_shared.pipeline.planning import plan, unplanned
from dcor_shared.testing.pipeline import run_pending

from .building import ETAG, make_dataset, step

STEPS = (step("a"), step("b", needs=("a",), applies=lambda facts: facts.is_measurement))


def test_all_resources_with_an_object_get_all_steps(tx, declare, rows):
    declare(*STEPS)
    dataset = make_dataset(2)
    assert sorted(plan(model.Session, dataset.id)) == sorted(dataset.resources)
    for resource_id in dataset.resources:
        assert {name: row.state for name, row in rows(resource_id).items()} == {
            "a": "pending",
            "b": "pending",
        }


def test_what_is_planned_already_is_not_planned_again(tx, declare):
    declare(*STEPS)
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    assert plan(model.Session, dataset.id) == []


def test_a_step_that_does_not_apply_is_skipped(tx, declare, rows):
    declare(*STEPS)
    dataset = make_dataset(name="notes.txt")
    plan(model.Session, dataset.id)
    assert rows(dataset.resources[0])["b"].state == "skipped"


def test_a_resource_without_object_gets_no_steps(tx, declare, rows):
    declare(*STEPS)
    dataset = make_dataset(etag="")
    assert plan(model.Session, dataset.id) == []
    assert rows(dataset.resources[0]) == {}


def test_another_object_starts_anew(tx, declare, rows, sql):
    declare(*STEPS)
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    sql("UPDATE dcor_step SET state = 'done', attempt = 1, fields = '{\"x\": 1}'")
    sql("UPDATE resource SET extras = replace(extras, :old, :new)", old=ETAG, new="f" * 32)
    assert plan(model.Session, dataset.id) == dataset.resources
    row = rows(dataset.resources[0])["a"]
    assert (row.state, row.attempt, row.etag, row.fields) == ("pending", 0, "f" * 32, None)


def test_a_step_declared_later_is_added(tx, declare, rows):
    declare(STEPS[0])
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    declare(*STEPS)
    assert plan(model.Session, dataset.id) == dataset.resources
    assert set(rows(dataset.resources[0])) == {"a", "b"}


def test_a_resource_that_was_renamed_gets_the_steps_that_apply_now(tx, declare, rows, sql):
    declare(*STEPS)
    dataset = make_dataset(name="notes.txt")
    plan(model.Session, dataset.id)
    sql("UPDATE resource SET name = 'a.rtdc', metadata_modified = now() + interval '1 day'")
    assert plan(model.Session, dataset.id) == dataset.resources
    assert {row.state for row in rows(dataset.resources[0]).values()} == {"pending"}


def test_a_dataset_that_was_deleted_for_a_while_is_processed_after_all(tx, declare, rows, sql):
    declare(*STEPS)
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    model.Session.commit()
    sql("UPDATE package SET state = 'deleted'")
    run_pending(dataset.resources)
    assert {row.state for row in rows(dataset.resources[0]).values()} == {"skipped"}
    sql("UPDATE package SET state = 'active'")
    assert plan(model.Session, dataset.id) == dataset.resources
    assert {row.state for row in rows(dataset.resources[0]).values()} == {"pending"}


def test_a_resource_whose_extras_cannot_be_read_by_postgresql_does_not_matter(tx, declare, sql):
    declare(*STEPS)
    dataset = make_dataset(2)
    sql(
        "UPDATE resource SET extras = :extras WHERE id = :id",
        extras='{"etag": "abc", "note": "\\u0000"}',
        id=dataset.resources[0],
    )
    assert sorted(plan(model.Session, dataset.id)) == sorted(dataset.resources)


def test_datasets_that_nobody_planned_are_found(tx, declare):
    declare(*STEPS)
    dataset = make_dataset()
    assert unplanned(model.Session, 10) == [dataset.id]
    plan(model.Session, dataset.id)
    assert unplanned(model.Session, 10) == []


def test_the_number_of_statements_does_not_grow_with_the_resources(tx, declare, statements):
    declare(*STEPS)
    small, large = make_dataset(1), make_dataset(50)
    with statements() as few:
        plan(model.Session, small.id)
    with statements() as many:
        plan(model.Session, large.id)
    assert len(many) == len(few)
