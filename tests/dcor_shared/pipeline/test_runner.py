"""Steps are run on one copy of the object; their results are kept together or not at all."""

from __future__ import annotations

import hashlib

import pytest

from ckan import model

from dcor_shared.objects.names import object_name
from dcor_shared.objects.publication import is_published
from dcor_shared.objects.store import head
from dcor_shared.pipeline import attempt, claims, outbox, records, runner, scratch
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.planning import plan
from dcor_shared.pipeline.steps import (
    ArtifactFile,
    PermanentFailureError,
    Queue,
    Reads,
    StepResult,
)
from dcor_shared.testing.pipeline import run_pending

from .building import BYTES, make_dataset, step

LONG = "dcor-long"


@pytest.fixture
def planned(tx, declare, with_original):
    """Declares steps and makes a dataset that waits for them."""

    def make(*steps, **kwargs):
        declare(*steps)
        dataset = make_dataset(**kwargs)
        with_original(dataset)
        plan(model.Session, dataset.id)
        model.Session.commit()
        return dataset

    return make


@pytest.fixture
def scratch_root(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "scratch_root", lambda: tmp_path)
    return tmp_path


def condense(context):
    path = context.scratch / "condensed.rtdc"
    path.write_bytes(context.file.read_bytes()[:5])
    return StepResult(
        fields={"sha256": context.sha256},
        record={"condensed": {"features": ["deform"]}},
        artifacts=(ArtifactFile("condensed", path, "application/x-hdf5"),),
    )


def states(found):
    return {one.step: str(one.state) for steps in found.values() for one in steps}


def test_steps_run_in_the_order_of_needs_whatever_their_queue(planned):
    order = []

    def note(name):
        return lambda _context: order.append(name) or StepResult()

    dataset = planned(
        step("c", note("c"), needs=("b",), queue=Queue.SHORT),
        step("b", note("b"), needs=("a",), queue=Queue.LONG),
        step("a", note("a"), queue=Queue.NORMAL),
    )
    assert states(run_pending(dataset.resources)) == {"a": "done", "b": "done", "c": "done"}
    assert order == ["a", "b", "c"]


def test_all_file_steps_of_a_run_share_one_copy(planned, scratch_root):
    seen = []

    def look(context):
        seen.append((context.file, context.file.read_bytes(), context.sha256, context.scratch))
        return StepResult()

    dataset = planned(step("a", look, reads=Reads.FILE), step("b", look, reads=Reads.FILE))
    runner.run_resource(dataset.resources[0], LONG)
    (first, data, sha256, folder), (second, _data, _sha256, other) = seen
    assert first == second
    assert first.suffix == ".rtdc"
    assert (data, sha256) == (BYTES, hashlib.sha256(BYTES).hexdigest())
    assert folder != other


def test_later_steps_of_a_run_are_given_what_earlier_ones_have_made(planned, scratch_root):
    seen = []

    def look(context):
        seen.extend((name, path.read_bytes()) for name, path in context.made.items())
        return StepResult()

    first = step("a", condense, reads=Reads.FILE)
    dataset = planned(first, step("b", look, reads=Reads.FILE, needs=("a",)))
    runner.run_resource(dataset.resources[0], LONG)
    assert seen == [("condensed", BYTES[:5])]
    assert list(scratch_root.iterdir()) == []


def test_files_that_a_step_did_not_make_stay_where_they_are(planned, tmp_path):
    mine = tmp_path / "mine.rtdc"
    mine.write_bytes(b"mine")
    seen = []

    def name_it(_context):
        return StepResult(artifacts=(ArtifactFile("condensed", mine, "application/x-hdf5"),))

    def look(context):
        seen.append(dict(context.made))
        return StepResult()

    first = step("a", name_it)
    dataset = planned(first, step("b", look, needs=("a",)))
    assert states(run_pending(dataset.resources)) == {"a": "done", "b": "done"}
    assert mine.read_bytes() == b"mine"
    assert seen == [{}]


def test_a_step_whose_file_cannot_be_kept_is_done(planned, caplog):
    def block(context):
        (context.scratch.parent / "made-condensed" / "full").mkdir(parents=True)
        return condense(context)

    dataset = planned(step("a", block, reads=Reads.FILE))
    runner.run_resource(dataset.resources[0], LONG)
    assert "failed" not in caplog.text
    assert f"condensed of {dataset.resources[0]} is not kept" in caplog.text


def test_scratch_is_empty_afterwards_also_when_a_step_fails(planned, scratch_root):
    def leave_files(context):
        (context.scratch / "left").write_text("x")
        raise OSError("disk")

    dataset = planned(step("a", leave_files, reads=Reads.FILE))
    runner.run_resource(dataset.resources[0], LONG)
    assert list(scratch_root.iterdir()) == []


def test_a_step_that_reads_ranges_is_given_the_bytes(planned):
    seen = []

    def look(context):
        seen.append((context.source.read(6, 11), context.source.size, context.file))
        return StepResult()

    run_pending(planned(step("a", look, reads=Reads.RANGES)).resources)
    assert seen == [(BYTES[6:11], len(BYTES), None)]


def test_record_fields_and_artifact_are_stored(planned, store):
    dataset = planned(step("condense", condense, reads=Reads.FILE))
    run_pending(dataset.resources)
    (resource_id,) = dataset.resources
    with session() as own:
        assert records.load(own, resource_id).condensed == {"features": ["deform"]}
    stored = head(store, object_name(store.settings, dataset.circle_id, resource_id, "condensed"))
    assert (stored.size, stored.content_type) == (5, "application/x-hdf5")
    assert stored.metadata["step"] == "condense"
    resource = model.Session.get(model.Resource, resource_id)
    assert resource.extras["sha256"] == hashlib.sha256(BYTES).hexdigest()


@pytest.mark.parametrize(
    ("private", "state", "public"),
    [(False, "active", True), (True, "active", False), (False, "draft", False)],
)
def test_an_artifact_is_as_public_as_its_dataset(planned, store, private, state, public):
    dataset = planned(step("c", condense, reads=Reads.FILE), private=private, state=state)
    run_pending(dataset.resources)
    name = object_name(store.settings, dataset.circle_id, dataset.resources[0], "condensed")
    assert is_published(store, name) is public


def test_an_artifact_follows_a_dataset_that_is_published_meanwhile(planned, store, sql):
    def publish_meanwhile(context):
        sql("UPDATE package SET private = false")
        return condense(context)

    dataset = planned(step("c", publish_meanwhile, reads=Reads.FILE), private=True)
    run_pending(dataset.resources)
    name = object_name(store.settings, dataset.circle_id, dataset.resources[0], "condensed")
    assert is_published(store, name)


def test_a_failure_keeps_its_kind_and_the_log_the_words(planned, caplog):
    def fail(_context):
        raise ConnectionError("no answer from http://s3/x?X-Amz-Signature=secret today")

    found = run_pending(planned(step("a", fail)).resources)
    ((status,),) = found.values()
    assert (status.state, status.attempt, status.error_code) == ("pending", 1, "ConnectionError")
    assert status.error_text is not None
    assert "s3" not in status.error_text
    assert "no answer from http://s3/x today" in caplog.text


def test_a_permanent_failure_is_final(planned):
    def fail(_context):
        raise PermanentFailureError("no-events", "There are no events.")

    found = run_pending(planned(step("a", fail), step("b", needs=("a",))).resources)
    assert states(found) == {"a": "failed", "b": "skipped"}


def test_a_step_that_takes_too_long_is_stopped_and_tried_again(planned):
    def take_long(_context):
        while True:
            pass

    found = run_pending(planned(step("a", take_long, timeout=1)).resources)
    ((status,),) = found.values()
    assert (status.state, status.error_code) == ("pending", "timeout")


def test_the_steps_of_a_deleted_dataset_are_skipped(planned, sql):
    dataset = planned(step("a"))
    sql("UPDATE package SET state = 'deleted'")
    assert states(run_pending(dataset.resources)) == {"a": "skipped"}


def test_the_result_for_an_object_that_was_replaced_is_dropped(planned, sql, rows, tmp_path):
    def replace_meanwhile(context):
        sql("UPDATE resource SET extras = replace(extras, :old, 'new')", old=context.resource.etag)
        with session() as own:
            plan(own, context.resource.package_id)
        return StepResult(record={"original": {"of": "old"}}, fields={"format": "old"})

    dataset = planned(step("a", replace_meanwhile))
    (resource_id,) = dataset.resources
    with session() as own:
        (claimed,) = claims.claim(own, resource_id, LONG, "w")
    attempt.Attempts(resource_id, tmp_path).run(claimed)
    with session() as own:
        assert records.load(own, resource_id) is None
    row = rows(resource_id)["a"]
    assert (row.etag, row.state, row.fields) == ("new", "pending", None)


def test_a_record_that_cannot_be_stored_is_a_permanent_failure(planned):
    found = run_pending(
        planned(
            step("a", lambda _c: StepResult(record={"original": {"x": float("nan")}}))
        ).resources
    )
    ((status,),) = found.values()
    assert (status.state, status.error_code) == ("failed", "record_invalid")


def test_a_worker_that_is_asked_to_stop_begins_no_other_step(planned):
    def stop(_context):
        runner.stopping.set()
        return StepResult()

    dataset = planned(step("a", stop), step("b"))
    try:
        assert runner.run_resource(dataset.resources[0], LONG) == 1
    finally:
        runner.stopping.clear()
    assert states(run_pending(dataset.resources)) == {"a": "done", "b": "done"}


def test_nothing_stays_of_a_resource_that_is_purged_meanwhile(planned, store, sql):
    def purge_meanwhile(context):
        made = condense(context)
        sql("DELETE FROM resource WHERE id = :id", id=context.resource.id)
        return made

    dataset = planned(step("c", purge_meanwhile, reads=Reads.FILE))
    (resource_id,) = dataset.resources
    runner.run_resource(resource_id, LONG)
    assert outbox.drain([resource_id]) == 0
    for artifact in ("condensed", "resource"):
        name = object_name(store.settings, dataset.circle_id, resource_id, artifact)
        assert head(store, name) is None
