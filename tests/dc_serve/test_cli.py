"""The command ``ckan run-jobs-dc-serve``."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from ckan import model

from dcor_shared.pipeline import catching_up
from dcor_shared.pipeline.catching_up import Selected, Selection
from dcor_shared.pipeline.steps import ArtifactFile, PermanentFailureError, Step, StepResult
from dcor_shared.testing.pipeline import only_steps

from ckanext.dc_serve import catching_up_many, steps
from ckanext.dc_serve.catching_up_many import process_all
from ckanext.dc_serve.cli import run_jobs_dc_serve


def run(*arguments):
    return CliRunner().invoke(run_jobs_dc_serve, arguments, catch_exceptions=False)


@pytest.fixture
def runs(store):
    """The pipeline with a step ``condense`` that is quick; lists the names it was run for."""
    done: list[str] = []

    def condense(context):
        if context.resource.name.startswith("broken"):
            raise PermanentFailureError("unreadable", "The file cannot be read.")
        done.append(context.resource.name)
        path = context.scratch / "condensed.rtdc"
        path.write_bytes(b"condensed")
        return StepResult(
            record={"condensed": {"features": []}},
            artifacts=(ArtifactFile("condensed", path, steps.MEDIA_TYPE),),
        )

    describe = Step(name="describe", version=1, run=lambda _context: StepResult(), title="D")
    quick = Step(
        name="condense",
        version=1,
        run=condense,
        title=steps.CONDENSE.title,
        needs=("describe",),
        applies=steps.applies,
    )
    with only_steps(describe, quick):
        yield done


@pytest.fixture
def beads(make_resource, put_object):
    made = make_resource(name="beads.rtdc")
    put_object(made)
    return made


def test_measurement_is_condensed_once(runs, beads):
    result = run()
    assert result.exit_code == 0
    assert f"Checking dataset {beads.package_id}\r" in result.output
    assert f"OK: {steps.CONDENSE.title} for beads.rtdc" in result.output
    assert result.output.endswith("Done!\n")
    assert "OK:" not in run().output
    assert runs == ["beads.rtdc"]


def test_override_condenses_again(runs, beads):
    run()
    assert "OK:" in run("--override").output
    assert runs == ["beads.rtdc", "beads.rtdc"]


def test_missing_object_is_made_again(runs, beads, store):
    from dcor_shared.objects.names import object_name
    from dcor_shared.objects.store import delete

    run()
    delete(store, object_name(store.settings, beads.circle_id, beads.id, "condensed"))
    assert "OK:" in run().output


def test_dry_run_changes_nothing(runs, beads):
    assert f"Would run: {steps.CONDENSE.title} for beads.rtdc" in run("--dry-run").output
    assert runs == []


def test_resource_without_a_mimetype_is_condensed(runs, beads):
    assert model.Session.get(model.Resource, beads.id).mimetype is None
    assert "OK:" in run().output


def test_drafts_and_private_datasets_count(runs, make_resource, put_object):
    for hidden in ({"private": True}, {"state": "draft"}):
        put_object(make_resource(**hidden))
    run()
    assert len(runs) == 2


def test_other_files_are_left_alone(runs, make_resource, put_object):
    put_object(make_resource(name="notes.txt"))
    run()
    assert runs == []


def test_failure_is_told_and_the_next_one_goes_on(runs, beads, make_resource, put_object):
    put_object(make_resource(name="broken.rtdc"))
    result = run()
    assert "unreadable for broken.rtdc!" in result.stderr
    assert "The file cannot be read." in result.stderr
    assert result.exit_code == 1
    assert runs == ["beads.rtdc"]


def test_table_at_the_end_tells_what_became_of_each(runs, beads, make_resource, put_object):
    broken = make_resource(name="broken.rtdc")
    put_object(broken)
    rows = {line.split()[-1]: line for line in run().stdout.splitlines() if line}
    assert rows["beads.rtdc"].startswith("condensed")
    assert beads.id in rows["beads.rtdc"]
    assert rows["broken.rtdc"].startswith("failed")
    assert "1 condensed, 1 failed, 0 left alone" in rows["alone"]


def test_nothing_to_do_needs_no_table(runs, beads):
    run()
    assert run().stdout == f"Checking dataset {beads.package_id}\rDone!\n"


def test_unforeseen_failure_is_told_with_its_trace(runs, beads, monkeypatch):
    def fail(resource_id, step):
        raise RuntimeError("no")

    monkeypatch.setattr(catching_up, "do", fail)
    result = run()
    assert "RuntimeError for beads.rtdc!" in result.stderr
    assert "Traceback" in result.stderr
    assert result.exit_code == 1


def die(selected, **options):
    """What the kernel does to a process when memory is short."""
    os._exit(9)


def test_killed_process_is_a_failure_of_what_it_had(ckan, monkeypatch):
    monkeypatch.setattr(catching_up_many, "process", die)
    chosen = [Selected("dataset", f"resource-{number}", "beads.rtdc") for number in range(3)]
    outcomes = list(process_all(chosen, override=False, dry_run=False, jobs=2))
    assert {one.resource_id for one in outcomes} == {one.resource_id for one in chosen}
    assert {(one.result, one.error) for one in outcomes} == {("failed", "BrokenProcessPool")}


def test_help_teaches(ckan):
    told = run("--help").output
    assert "\n      ckan run-jobs-dc-serve --modified-days 1\n" in told
    assert "What is condensed already" in " ".join(told.split())


def test_dataset_and_resource_can_be_chosen(runs, beads, make_resource, put_object):
    other = make_resource(name="other.rtdc")
    put_object(other)
    run("--dataset", other.package_id)
    assert runs == ["other.rtdc"]
    run("--resource", beads.id)
    assert runs == ["other.rtdc", "beads.rtdc"]


@pytest.mark.parametrize(("days", "found"), [(-1, True), (10, True), (2, False)])
def test_old_datasets_can_be_left_out(beads, days, found):
    package = model.Session.get(model.Package, beads.package_id)
    package.metadata_modified = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=5)
    model.Session.commit()
    chosen = [one.resource_id for one in catching_up.select(Selection(modified_days=days))]
    assert (beads.id in chosen) is found
