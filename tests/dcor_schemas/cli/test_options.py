"""What all commands that remove something have in common."""

from __future__ import annotations

import pytest

AGES = {
    "dcor-prune-draft-datasets": "--older-than-days",
    "dcor-prune-orphaned-s3-artifacts": "--older-than-days",
    "dcor-purge-unused-collections-and-circles": "--modified-before-months",
    "list-zombie-users": "--last-activity-weeks",
    "run-jobs-dcor-schemas": "--modified-days",
}


@pytest.mark.parametrize("name", AGES)
@pytest.mark.parametrize("age", ["nan", "inf", "-inf", "-2", "1e300", "tomorrow", ""])
def test_an_age_that_is_none_is_a_usage_error(command, name, age):
    assert "Usage" in command(name, AGES[name], age, status=2).output


@pytest.mark.parametrize("name", [name for name in AGES if name.startswith("dcor-")])
def test_help_says_what_holds_for_all(command, name):
    said = command(name, "--help").output
    for option in ("--dry-run", "--yes", "--json", AGES[name]):
        assert option in said


def test_moving_has_a_plan_too(command):
    said = command("dcor-move-dataset-to-circle", "--help").output
    assert all(option in said for option in ("--dry-run", "--yes", "--json"))
