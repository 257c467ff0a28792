"""Steps write into the resource dictionary seldom, and without pretending that people did."""

from __future__ import annotations

import pytest

from ckan import logic, model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import dictionary, runner
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.planning import plan
from dcor_shared.pipeline.steps import Queue, Reads, StepResult
from dcor_shared.testing.pipeline import run_pending

from .building import make_dataset, step


def giving(**fields):
    return lambda _context: StepResult(fields=fields)


@pytest.fixture
def planned(tx, declare, with_original):
    def make(*steps, **kwargs):
        declare(*steps)
        dataset = make_dataset(**kwargs)
        with_original(dataset)
        plan(model.Session, dataset.id)
        model.Session.commit()
        logic.index_update_package({"ignore_auth": True}, dataset.id)
        model.Session.commit()
        return dataset

    return make


@pytest.fixture
def indexings(monkeypatch):
    """Notes every time the index entry of a dataset is written."""
    seen = []
    real = dictionary.refresh_index
    monkeypatch.setattr(
        dictionary, "refresh_index", lambda package_id: seen.append(package_id) or real(package_id)
    )
    return seen


def show(dataset, **context):
    return tk.get_action("package_show")({"ignore_auth": True, **context}, {"id": dataset.id})


def test_columns_and_extras_are_merged_with_what_is_there(planned):
    dataset = planned(step("a", giving(format="RT-DC", mimetype="x", **{"dc:setup:medium": "w"})))
    before = show(dataset)["resources"][0]
    run_pending(dataset.resources)
    after = show(dataset)["resources"][0]
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {"format", "mimetype", "dc:setup:medium", "last_modified"}
    assert after["kept"] == "1"


def test_the_dataset_does_not_look_modified(planned):
    dataset = planned(step("a", giving(format="RT-DC")))
    before = show(dataset)["metadata_modified"]
    run_pending(dataset.resources)
    assert show(dataset)["metadata_modified"] == before


def test_what_the_index_serves_is_what_the_database_holds(planned):
    dataset = planned(step("a", giving(format="RT-DC")))
    run_pending(dataset.resources)
    assert show(dataset) == show(dataset, use_cache=False)


def test_the_checksum_appears_only_when_nothing_is_left_to_do(planned):
    dataset = planned(
        step("hash", giving(sha256="f" * 64), reads=Reads.FILE),
        step("condense", needs=("hash",), queue=Queue.NORMAL),
    )
    (resource_id,) = dataset.resources
    runner.run_resource(resource_id, "dcor-long")
    dictionary.flush(dataset.id)
    assert "sha256" not in show(dataset)["resources"][0]
    runner.run_resource(resource_id, "dcor-normal")
    assert show(dataset)["resources"][0]["sha256"] == "f" * 64


def test_a_dataset_is_written_twice_at_most(planned, indexings):
    dataset = planned(
        step("describe", giving(format="RT-DC"), queue=Queue.NORMAL),
        step("hash", giving(sha256="f" * 64), needs=("describe",), reads=Reads.FILE),
        step("condense", giving(**{"dc:x:y": 1}), needs=("describe",), reads=Reads.FILE),
        number=5,
    )
    run_pending(dataset.resources)
    assert len(indexings) == 2


def test_writing_what_is_there_already_changes_nothing(planned, indexings):
    dataset = planned(step("a", giving(kept="1")))
    run_pending(dataset.resources)
    assert indexings == []


def test_values_wait_for_those_of_other_resources_for_a_while(planned, sql, indexings):
    dataset = planned(step("a", giving(format="RT-DC")), number=2)
    first, second = dataset.resources
    runner.run_resource(first, "dcor-long")
    assert indexings == []
    sql("UPDATE dcor_step SET finished = finished - interval '2 seconds'")
    with session() as own:
        assert dictionary.due_package(own, first, "dcor-long") == dataset.id
        assert dictionary.overdue(own, patience=1) == [dataset.id]
    runner.run_resource(second, "dcor-long")
    assert indexings == [dataset.id]


def test_values_survive_an_index_that_cannot_be_written(planned, monkeypatch, caplog):
    dataset = planned(step("a", giving(format="RT-DC")))

    def fail(_package_id):
        raise OSError("the index is away")

    with monkeypatch.context() as patch:
        patch.setattr(dictionary, "refresh_index", fail)
        runner.run_resource(dataset.resources[0], "dcor-long")
    assert "is written later" in caplog.text
    assert show(dataset, use_cache=False)["resources"][0]["format"] != "RT-DC"
    dictionary.flush(dataset.id)
    assert show(dataset)["resources"][0]["format"] == "RT-DC"


def test_what_belongs_to_people_cannot_be_written(planned):
    dataset = planned(step("a"))
    with pytest.raises(dictionary.ProtectedFieldError, match="name"):
        dictionary.write_fields(model.Session, dataset.resources[0], {"name": "other.rtdc"})
