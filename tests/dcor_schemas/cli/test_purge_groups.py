"""``dcor-purge-unused-collections-and-circles`` removes what is empty and forgotten."""

from __future__ import annotations

import datetime as dt

import pytest

from ckan import model

from ckanext.dcor_schemas.maintenance import unused_groups

NAME = "dcor-purge-unused-collections-and-circles"


@pytest.fixture
def collection(call, person):
    return call("group_create", person, name="forgotten")


@pytest.fixture
def make_old(tx):
    def make_old(group, months=30):
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        model.Group.get(group["id"]).created = now - dt.timedelta(days=31 * months)
        model.Session.commit()

    return make_old


def _exists(group) -> bool:
    return model.Group.get(group["id"]) is not None


def test_young_groups_stay(command, circle, collection):
    assert command(NAME).output.endswith("Done!\n")
    assert _exists(circle)
    assert _exists(collection)


def test_with_zero_months_empty_groups_vanish(command, circle, collection):
    output = command(NAME, "--modified-before-months", "0").output
    assert "Found collection forgotten\n" in output
    assert f"Found circle {circle['name']}\n" in output
    assert output.endswith("Done!\n")
    assert not _exists(circle)
    assert not _exists(collection)


def test_a_dry_run_changes_nothing(command, circle, collection):
    command(NAME, "--modified-before-months", "0", "--dry-run")
    assert _exists(circle)
    assert _exists(collection)


def test_groups_with_active_datasets_stay(command, circle, collection, new_draft, call, person):
    dataset = new_draft(private=False)
    model.Package.get(dataset["id"]).state = "active"
    model.Session.commit()
    share = {"object": dataset["id"], "object_type": "package", "capacity": "public"}
    call("member_create", person, id=collection["id"], **share)
    command(NAME, "--modified-before-months", "0")
    assert _exists(circle)
    assert _exists(collection)


def test_a_circle_with_drafts_is_skipped_and_the_others_go(command, circle, collection, draft):
    output = command(NAME, "--modified-before-months", "0").output
    assert f"Skipped circle {circle['name']}: has drafts or deleted datasets\n" in output
    assert output.endswith("Done!\n")
    assert _exists(circle)
    assert not _exists(collection)


def test_parents_stay(command, call, person, collection):
    call("group_create", person, name="child", groups=[{"name": "forgotten"}])
    output = command(NAME, "--modified-before-months", "0").output
    assert "Skipped collection forgotten: has child groups\n" in output
    assert _exists(collection)


def test_an_old_group_that_nobody_touched_goes(command, collection, make_old):
    make_old(collection)
    command(NAME)
    assert not _exists(collection)


@pytest.mark.parametrize("action", ["group_patch", "group_member_create"])
def test_an_old_group_that_was_changed_lately_stays(
    command, collection, make_old, call, person, new_person, action
):
    make_old(collection)
    change = {"title": "New title"}
    if action == "group_member_create":
        change = {"username": new_person().name, "role": "member"}
    call(action, person, id=collection["id"], **change)
    command(NAME)
    assert _exists(collection)


def test_one_failure_does_not_spare_the_others(command, circle, collection, monkeypatch):
    purge = unused_groups.purge

    def failing(group):
        if group.id == circle["id"]:
            raise RuntimeError("no")
        purge(group)

    monkeypatch.setattr(unused_groups, "purge", failing)
    output = command(NAME, "--modified-before-months", "0", status=1).output
    assert f"circle {circle['name']} was not removed: RuntimeError: no" in output
    assert "Done!" not in output
    assert (_exists(circle), _exists(collection)) == (True, False)


def test_programs_get_json(command_json, collection):
    found = command_json(NAME, "--modified-before-months", "0")
    assert collection["id"] in found["removed"]
