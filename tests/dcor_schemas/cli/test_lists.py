"""Commands that only list."""

from __future__ import annotations

import datetime as dt

from ckan import model


def test_circles_and_collections_are_listed_with_id_name_and_title(
    command, command_json, new_circle, person, call
):
    circle = new_circle(person.name, title="My circle")
    collection = call("group_create", person, name="mine", title="My collection")
    line = f"{circle['id']}\t{circle['name']}\t(My circle)\n"
    assert command("list-circles").output == line
    assert command("list-collections").output == f"{collection['id']}\tmine\t(My collection)\n"
    assert command_json("list-circles")[0]["id"] == circle["id"]


def test_resources_of_a_group_are_listed_whatever_their_dataset_is(
    command, command_json, new_draft, upload, register, call, person, circle
):
    kept, deleted, purged = (new_draft() for _number in range(3))
    ids = [register(dataset, upload())["id"] for dataset in (kept, deleted, purged)]
    for dataset in (deleted, purged):
        call("package_delete", person, id=dataset["id"])
    call("dataset_purge", person, id=purged["id"])
    for reference in (circle["id"], circle["name"]):
        assert command("list-group-resources", reference).output.split() == ids[:2]
    assert command_json("list-group-resources", circle["id"]) == ids[:2]


def test_an_unknown_group_is_an_error(command):
    assert "no-such-group" in command("list-group-resources", "no-such-group", status=1).output


def test_zombies_have_no_datasets_and_are_not_active(
    command, new_person, admin, draft, person, monkeypatch
):
    fresh, lost = new_person(), new_person()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    model.User.get(lost.name).last_active = now - dt.timedelta(weeks=13)
    model.User.get(fresh.name).last_active = now
    model.Session.commit()
    listed = command("list-zombie-users").output.split()
    assert lost.name in listed
    assert not {fresh.name, person.name, admin.name} & set(listed)
    listed = command("list-zombie-users", "--last-activity-weeks", "0").output.split()
    assert {lost.name, fresh.name} <= set(listed)
    assert not {person.name, admin.name} & set(listed)


def test_who_was_never_active_counts_as_inactive(command, new_person):
    person = new_person()
    model.User.get(person.name).last_active = None
    model.Session.commit()
    assert person.name in command("list-zombie-users").output.split()
