"""DCOR-Aid: files, alone and in jobs, also from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dcoraid import create_task
from dcoraid.api import (
    APIConflictError,
    resource_add,
    resource_exists,
)
from dcoraid.upload import UploadJob

from dcor_shared.testing.measurements import write_measurement
from tests.clients.dcor_aid.acting import (
    EVENTS,
    PATIENCE,
    SUPPLEMENTS,
    UPLOAD_SECONDS,
    described,
    show,
    unique,
    uploaded,
)

if TYPE_CHECKING:
    from tests.harness.served import Served

# DCOR-Aid leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


# resources


def test_etag_is_there_at_the_first_look(api, draft, path):
    _, etag = resource_add(draft, path, api, resource_name="other_name.rtdc")
    (resource,) = show(api, draft)["resources"]
    assert (resource["name"], resource["etag"]) == ("other_name.rtdc", etag)
    assert resource_exists(draft, "other_name.rtdc", api)


def test_equal_resource_names_are_conflicts(api, draft, path):
    resource_add(draft, path, api)
    with pytest.raises(APIConflictError, match=r"'cells\.rtdc' already exists!"):
        resource_add(draft, path, api)
    assert len(show(api, draft)["resources"]) == 1


@pytest.mark.parametrize(
    "name", ["letter.docx", "µæsdqow.rtdc", "two words.rtdc", "cells.RTDC", "nodot"]
)
def test_bad_resource_names_are_conflicts(api, draft, path, name):
    with pytest.raises(APIConflictError):
        resource_add(draft, path, api, resource_name=name)
    assert show(api, draft)["resources"] == []


def test_supplements_come_back_as_they_were_sent(api, draft, path):
    sent = {f"sp:{s}:{key}": v for s, items in SUPPLEMENTS.items() for key, v in items.items()}
    resource_add(draft, path, api, resource_dict=sent)
    (resource,) = show(api, draft)["resources"]
    for key, value in sent.items():
        assert resource[key] == value, key
        assert isinstance(resource[key], type(value)), key
    assert resource_exists(draft, path.name, api, check_resource_dict=sent)


@pytest.mark.parametrize(
    "supplement",
    [
        {"sp:chip:production date": "2020-15-31"},
        {"sp:chip:channel width": "wide"},
        {"sp:cells:passage number": "seven"},
    ],
)
def test_bad_supplements_are_conflicts(api, draft, path, supplement):
    with pytest.raises(APIConflictError, match=next(iter(supplement))):
        resource_add(draft, path, api, resource_dict=supplement)


# jobs


def test_job_uploads_verifies_and_activates(api, draft, path, tmp_path):
    notes = tmp_path / "my notes.txt"
    notes.write_text("Second to the right, and straight on till morning.")
    collection = unique("collection")
    started = time.monotonic()
    job = uploaded(
        UploadJob(
            api,
            draft,
            [notes, path],
            resource_supplements=[{}, SUPPLEMENTS],
            collections=[collection],
        )
    )
    assert time.monotonic() - started < UPLOAD_SECONDS
    dataset = show(api, draft)
    assert dataset["state"] == "active"
    assert [group["name"] for group in dataset["groups"]] == [collection]
    assert [one["name"] for one in dataset["resources"]] == ["my_notes.txt", "cells.rtdc"]
    assert [one["etag"] for one in dataset["resources"]] == job.etags
    assert dataset["resources"][1]["sp:chip:channel width"] == 21.0


def test_interrupted_job_is_taken_up_where_it_ended(api, draft, path, tmp_path):
    resource_add(draft, path, api)
    second = write_measurement(tmp_path / "more.rtdc", events=EVENTS, seed=48)
    state = UploadJob(api, draft, [path, second]).__getstate__()
    # The queue remembers the etags of what was uploaded before.
    state["resource_etags"] = [show(api, draft)["resources"][0]["etag"], None]
    job = uploaded(UploadJob.from_upload_job_state(state, api))
    assert job.paths_uploaded_before == [path]
    assert len(show(api, draft)["resources"]) == 2


# command line


def test_task_is_uploaded_from_the_command_line(api, served, circle, path, tmp_path):
    task = tmp_path / "demo.dcoraid-task"
    resource = {"path": path, "name": "raw.rtdc", "supplements": SUPPLEMENTS}
    create_task(task, described(circle), [resource], task_id="cli-demo-1")
    done = run_task(served, task)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not Path(f"{task}_error.txt").exists()
    dataset = show(api, json.loads(task.read_text())["upload_job"]["dataset_id"])
    assert dataset["state"] == "active"
    assert [one["name"] for one in dataset["resources"]] == ["raw.rtdc"]
    assert dataset["resources"][0]["sp:cells:live"] is True


def run_task(served: Served, task: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "dcoraid-upload-task"
    command = [str(program), str(task), served.url, served.person.token]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
