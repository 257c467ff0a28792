"""``run-jobs-dcor-schemas`` does what the workers have left."""

from __future__ import annotations

import pytest

from ckanext.dcor_schemas.maintenance import catching_up

NAME = "run-jobs-dcor-schemas"


@pytest.fixture
def measured(draft, upload, register, measurement):
    return register(draft, upload(measurement), "small.rtdc")


def test_what_is_left_is_done_once(command, measured, call, person):
    output = command(NAME).output
    assert "OK: Read the metadata for small.rtdc\n" in output
    assert "OK: Compute the checksum for small.rtdc\n" in output
    assert output.endswith("Done!\n")
    (resource,) = call("package_show", person, id=measured["package_id"])["resources"]
    assert resource["format"] == "RT-DC"
    assert len(resource["sha256"]) == 64
    assert command(NAME).output == "Done!\n"


def test_a_failure_is_told_and_not_repeated_every_night(command, draft, upload, register):
    register(draft, upload(b"garbage"), "garbage.rtdc")
    result = command(NAME)
    assert "for garbage.rtdc!" in result.stderr
    assert "OK: Compute the checksum for garbage.rtdc\n" in result.stdout
    assert command(NAME).output == "Done!\n"
    assert "for garbage.rtdc!" in command(NAME, "--retry-failed").stderr


def test_deleted_datasets_are_left_alone(command, measured, call, person):
    call("package_delete", person, id=measured["package_id"])
    assert command(NAME).output == "Done!\n"


@pytest.mark.parametrize(("days", "selected"), [(1, False), (3, True), (-1, True)])
def test_only_datasets_that_were_modified_lately(command, measured, age, days, selected):
    age(measured["package_id"], 2)
    output = command(NAME, "--modified-days", str(days)).output
    assert ("small.rtdc" in output) is selected


def test_one_exception_does_not_stop_the_others(command, measured, monkeypatch):
    def fail(*_arguments, **_keywords):
        raise RuntimeError("no")

    monkeypatch.setattr(catching_up, "catch_up", fail)
    result = command(NAME)
    assert "RuntimeError for small.rtdc!" in result.stderr
    assert "Traceback" in result.stderr
    assert result.stdout == "Done!\n"
