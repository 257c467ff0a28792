"""The command ``ckan run-jobs-dc-view``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from ckan import model

from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import delete
from dcor_shared.pipeline import catching_up
from dcor_shared.pipeline.steps import ArtifactFile, PermanentFailureError, Step, StepResult
from dcor_shared.testing.pipeline import only_steps

from ckanext.dc_view import steps
from ckanext.dc_view.cli import run_jobs_dc_view


def run(*arguments):
    return CliRunner().invoke(run_jobs_dc_view, arguments, catch_exceptions=False)


@pytest.fixture
def runs(store):
    """The pipeline with a step ``overview`` that is quick; lists the names it was run for."""
    done: list[str] = []

    def overview(context):
        if context.resource.name.startswith("broken"):
            raise PermanentFailureError("unreadable", "The file cannot be read.")
        done.append(context.resource.name)
        path = context.scratch / "view"
        path.write_bytes(b"overview")
        return StepResult(artifacts=(ArtifactFile("view", path, steps.VIEW_TYPE),))

    describe = Step(name="describe", version=1, run=lambda _context: StepResult(), title="D")
    quick = Step(
        name="overview",
        version=1,
        run=overview,
        title=steps.OVERVIEW.title,
        needs=("describe",),
        applies=steps.OVERVIEW.applies,
    )
    with only_steps(describe, quick):
        yield done


@pytest.fixture
def beads(make_resource, put_object):
    made = make_resource(name="beads.rtdc")
    put_object(made, "resource")
    return made


def test_overview_is_made_once(runs, beads):
    result = run()
    assert result.exit_code == 0
    assert f"Checking dataset {beads.package_id}\r" in result.output
    assert f"OK: {steps.OVERVIEW.title} for beads.rtdc" in result.output
    assert result.output.endswith("Done!\n")
    assert "OK:" not in run().output
    assert runs == ["beads.rtdc"]


def test_force_makes_it_again(runs, beads):
    run()
    assert "OK:" in run("--force").output
    assert runs == ["beads.rtdc", "beads.rtdc"]


def test_a_missing_object_is_made_again(runs, beads, store):
    run()
    delete(store, object_name(store.settings, beads.circle_id, beads.id, "view"))
    run()
    assert runs == ["beads.rtdc", "beads.rtdc"]


def test_views_are_filled_in(runs, beads):
    result = run()
    assert f"OK: 2 views for dataset {beads.package_id}" in result.output
    views = model.Session.query(model.ResourceView).filter_by(resource_id=beads.id)
    assert {view.view_type for view in views} == {"dc_view", "dc_log_view"}
    assert "views" not in run().output


def test_failures_are_told_and_counted(runs, beads, make_resource, put_object):
    broken = make_resource(name="broken.rtdc")
    put_object(broken, "resource")
    result = run()
    assert result.exit_code == 1
    assert "unreadable for broken.rtdc!" in result.stderr
    assert "The file cannot be read." in result.stderr
    assert "1 failed." in result.stderr
    assert runs == ["beads.rtdc"]


def test_an_exception_does_not_stop_the_others(runs, beads, make_resource, monkeypatch):
    made = make_resource(name="first.rtdc")
    original = catching_up.is_wanted

    def fail(resource_id, *given, **more):
        if resource_id == made.id:
            raise RuntimeError("unforeseen")
        return original(resource_id, *given, **more)

    monkeypatch.setattr(catching_up, "is_wanted", fail)
    result = run()
    assert result.exit_code == 1
    assert "RuntimeError for first.rtdc!" in result.stderr
    assert runs == ["beads.rtdc"]


def test_other_files_are_left_alone(runs, make_resource, put_object):
    put_object(make_resource(name="notes.txt", mimetype="text/plain"), "resource")
    assert "OK:" not in run().output


def test_only_datasets_modified_lately(runs, beads):
    old = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=3)
    model.Session.query(model.Package).filter_by(id=beads.package_id).update(
        {"metadata_modified": old}
    )
    model.Session.commit()
    assert beads.package_id not in run("--modified-days", "1").output
    assert beads.package_id in run("--modified-days", "5").output
