"""``dcor-move-dataset-to-circle`` moves everything or can be continued."""

from __future__ import annotations

import hashlib

import pytest

from ckan import model

from dcor_shared.objects.names import ARTIFACTS, object_name, object_url
from dcor_shared.objects.publication import is_published
from dcor_shared.objects.store import head
from dcor_shared.testing.pipeline import run_pending

from ckanext.dcor_schemas.maintenance.moving import phases, state

NAME = "dcor-move-dataset-to-circle"


@pytest.fixture
def goal(new_circle, person):
    return new_circle(person.name)


@pytest.fixture
def dataset(new_draft, upload, register, measurement, call, person, store, object_of):
    """An active public dataset with a measurement, a text file and the artifacts of the former."""
    draft = new_draft()
    measured = register(draft, upload(measurement), "small.rtdc")["id"]
    register(draft, upload(b"text"), "notes.txt")
    run_pending()
    for artifact in ARTIFACTS:
        name = object_of(measured, artifact)
        if head(store, name) is None:
            store.client.put_object(Bucket=name.bucket, Key=name.key, Body=artifact.encode())
    call("package_patch", person, id=draft["id"], state="active")
    return call("package_show", person, id=draft["id"])


@pytest.fixture
def places(store, circle, goal, dataset):
    """Artifacts that are in the old and in the new bucket."""

    def in_circle(where):
        return {
            (resource["name"], artifact)
            for resource in dataset["resources"]
            for artifact in ARTIFACTS
            if head(store, object_name(store.settings, where, resource["id"], artifact))
        }

    def places():
        return in_circle(circle["id"]), in_circle(goal["id"])

    return places


EVERYTHING = {("small.rtdc", artifact) for artifact in ARTIFACTS} | {("notes.txt", "resource")}


def test_everything_is_moved(command, dataset, goal, places, call, person, store):
    before, nothing = places()
    assert (before, nothing) == (EVERYTHING, set())
    output = command(NAME, dataset["name"], goal["name"]).output
    assert "Copying resource of small.rtdc (1 of 5)\n" in output
    assert output.endswith("Done!\n")
    assert places() == (set(), EVERYTHING)
    shown = call("package_show", person, id=dataset["id"])
    assert shown["owner_org"] == goal["id"]
    assert shown["metadata_modified"] > dataset["metadata_modified"]
    for resource, old in zip(shown["resources"], dataset["resources"], strict=True):
        name = object_name(store.settings, goal["id"], resource["id"])
        assert resource["s3_url"] == object_url(store.settings, name)
        assert is_published(store, name)
        assert (resource["etag"], resource["sha256"]) == (old["etag"], old["sha256"])
    assert call("package_search", person, fq=f"owner_org:{goal['id']}")["count"] == 1
    assert state.find(dataset["id"]) is None


def test_a_private_dataset_stays_private(
    command, new_draft, upload, register, goal, store, call, person
):
    draft = new_draft(private=True)
    resource_id = register(draft, upload())["id"]
    run_pending()
    command(NAME, draft["id"], goal["id"])
    assert not is_published(store, object_name(store.settings, goal["id"], resource_id))
    assert call("package_show", person, id=draft["id"])["state"] == "draft"


def test_the_same_circle_is_no_move(command, draft, circle):
    assert "is in circle" in command(NAME, draft["id"], circle["name"]).output


def test_a_dry_run_changes_nothing(command, dataset, goal, places):
    output = command(NAME, dataset["id"], goal["id"], "--dry-run").output
    assert "Found condensed of small.rtdc" in output
    assert places() == (EVERYTHING, set())
    assert state.find(dataset["id"]) is None


@pytest.mark.parametrize("phase", ["copy", "publish_copies", "switch", "check", "clean_up"])
def test_an_interrupted_move_is_continued(
    command, dataset, goal, places, call, person, monkeypatch, phase
):
    calls = []

    def killed(*arguments):
        calls.append(arguments)
        if phase != "copy" or len(calls) > 1:
            raise KeyboardInterrupt
        return original(*arguments)

    original = getattr(phases, phase)
    with monkeypatch.context() as patch:
        patch.setattr(phases, phase, killed)
        command(NAME, dataset["id"], goal["id"], status=1)
    model.Session.rollback()
    switched = phase in {"check", "clean_up"}
    owner = call("package_show", person, id=dataset["id"])["owner_org"]
    assert (owner == goal["id"]) is switched
    assert places()[0] == EVERYTHING
    assert command(NAME, dataset["id"], goal["id"]).output.endswith("Done!\n")
    assert places() == (set(), EVERYTHING)
    assert state.find(dataset["id"]) is None


def test_a_move_is_finished_before_another_one_begins(
    command, dataset, goal, new_circle, person, monkeypatch
):
    def fail(*_arguments):
        raise state.MoveError("no")

    with monkeypatch.context() as patch:
        patch.setattr(phases, "clean_up", fail)
        command(NAME, dataset["id"], goal["id"], status=1)
    other = new_circle(person.name)
    assert "is not finished" in command(NAME, dataset["id"], other["id"], status=1).output


def test_a_damaged_file_is_not_moved(command, dataset, goal, store, circle, places):
    resource = dataset["resources"][1]
    name = object_name(store.settings, circle["id"], resource["id"])
    store.client.put_object(Bucket=name.bucket, Key=name.key, Body=b"other")
    output = command(NAME, dataset["id"], goal["id"], status=1).output
    assert "damaged before this move" in output
    assert places()[0] == EVERYTHING


def test_a_missing_checksum_is_computed(command, dataset, goal, call, person):
    resource = model.Resource.get(dataset["resources"][1]["id"])
    resource.extras = {k: v for k, v in resource.extras.items() if k != "sha256"}
    model.Session.commit()
    command(NAME, dataset["id"], goal["id"])
    shown = call("package_show", person, id=dataset["id"])
    assert shown["resources"][1]["sha256"] == hashlib.sha256(b"text").hexdigest()


def test_while_files_are_processed_nothing_is_moved(command, draft, upload, register, goal):
    register(draft, upload())
    assert "still being processed" in command(NAME, draft["id"], goal["id"], status=1).output


@pytest.mark.parametrize("arguments", [("nothing", "{goal}"), ("{dataset}", "nothing")])
def test_unknown_names_are_errors(command, dataset, goal, arguments):
    known = {"goal": goal["id"], "dataset": dataset["id"]}
    output = command(NAME, *(one.format(**known) for one in arguments), status=1).output
    assert "There is no" in output


def test_objects_of_a_move_are_no_orphans(command, dataset, goal, places, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.setattr(phases, "switch", lambda *_arguments: 1 / 0)
        command(NAME, dataset["id"], goal["id"], status=1)
    arguments = ("--older-than-days", "-1", "--yes", "--manifest", str(tmp_path / "m"))
    command("dcor-prune-orphaned-s3-artifacts", *arguments)
    assert places() == (EVERYTHING, EVERYTHING)


def test_programs_get_json(command_json, dataset, goal):
    found = command_json(NAME, dataset["id"], goal["id"])
    assert (found["moved"], found["to"], len(found["objects"])) == (True, goal["id"], 5)
