"""Circles and collections: who sees what of them and who puts what into them."""

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script


def members(group_id):
    query = model.Session.query(model.Member.table_id).filter_by(
        group_id=group_id, table_name="package", state="active"
    )
    return {row.table_id for row in query}


ADD = {
    "member_create": lambda group, ds: ("member_create", {
        "id": group["id"], "object": ds["id"], "object_type": "package", "capacity": "member"}),
    "member_create by names": lambda group, ds: ("member_create", {
        "id": group["name"], "object": ds["name"], "object_type": "package"}),
    "group_patch": lambda group, ds: ("group_patch", {
        "id": group["id"], "packages": [{"id": ds["id"]}]}),
    "group_update": lambda group, ds: ("group_update", {
        "id": group["id"], "name": group["name"], "packages": [{"id": ds["name"]}]}),
    "group_create": lambda group, ds: ("group_create", {
        "name": group["name"] + "2", "packages": [{"id": ds["id"]}]}),
    "organization_create": lambda group, ds: ("organization_create", {
        "name": group["name"] + "2", "packages": [{"id": ds["id"]}]}),
}  # fmt: skip


@pytest.mark.parametrize("way", ADD)
@pytest.mark.parametrize(
    ("state", "private"), [("draft", True), ("draft", False), ("active", True)]
)
def test_nobody_exposes_a_foreign_dataset(cast, new_dataset, status, way, state, private):
    dataset = new_dataset(state, private=private, groups=[])
    action, data = ADD[way](cast.collection, dataset)
    code, message = status(action, cast["collection admin"], **data)
    assert code == 403, message
    assert model.Session.query(model.Group).filter_by(name=data.get("name")).count() <= 1
    assert members(cast.collection["id"]) == set()


@pytest.mark.parametrize("way", ["member_create", "group_patch", "group_update"])
def test_public_datasets_need_the_collection_role_only(cast, new_dataset, status, way):
    dataset = new_dataset("active", private=False, groups=[])
    action, data = ADD[way](cast.collection, dataset)
    assert status(action, cast["collection admin"], **data)[0] == 200
    assert members(cast.collection["id"]) == {dataset["id"]}


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("anonymous", 403),
        ("logged in", 403),
        ("collection member", 403),
        ("collection editor", 200),
        ("collection admin", 200),
        ("circle admin", 403),
        ("sysadmin", 200),
    ],
)
def test_editors_of_a_collection_fill_and_empty_it(cast, new_dataset, status, role, code):
    dataset = new_dataset("active", private=False, groups=[])
    action, data = ADD["member_create"](cast.collection, dataset)
    assert status(action, cast[role], **data)[0] == code
    shared = new_dataset("active")
    entry = {"id": cast.collection["id"], "object": shared["id"], "object_type": "package"}
    assert status("member_delete", cast[role], **entry)[0] == code


def test_those_with_both_roles_share_private_datasets(cast, new_dataset, status):
    person = cast["circle editor"]
    as_script("group_member_create", id=cast.collection["id"], username=person.name, role="editor")
    for state in ("draft", "active"):
        dataset = new_dataset(state, groups=[])
        action, data = ADD["member_create"](cast.collection, dataset)
        assert status(action, person, **data)[0] == 200


def test_datasets_enter_collections_in_drafts_by_those_who_may_fill_them(cast, new_dataset, status):
    draft, person = new_dataset("draft", groups=[]), cast["circle editor"]
    update = {"groups": [{"name": cast.collection["name"]}]}
    code, message = status("package_revise", person, match={"id": draft["id"]}, update=update)
    assert (code, "not authorized to edit collection" in message) == (403, True)
    as_script("group_member_create", id=cast.collection["id"], username=person.name, role="editor")
    code, message = status("package_revise", person, match={"id": draft["id"]}, update=update)
    assert code == 200, message
    assert members(cast.collection["id"]) == {draft["id"]}


def test_users_are_added_by_admins_only(cast, status):
    someone = cast["logged in"]
    for role, code in (("collection editor", 403), ("collection admin", 200)):
        entry = {"id": cast.collection["id"], "username": someone.id, "role": "member"}
        assert status("group_member_create", cast[role], **entry)[0] == code
        entry = {"id": cast.collection["id"], "object": someone.id, "object_type": "user"}
        assert status("member_create", cast[role], capacity="member", **entry)[0] == code
    entry = {"id": cast.circle["id"], "object": someone.id, "object_type": "user"}
    assert status("member_create", cast["circle editor"], capacity="member", **entry)[0] == 403


@pytest.mark.parametrize("object_type", ["foo", "group", "session", "", ["user"]])
def test_other_types_of_members_are_refused(cast, status, object_type):
    entry = {"id": cast.collection["id"], "object": "x", "object_type": object_type}
    code, message = status("member_create", cast["collection admin"], **entry)
    assert code == 409
    assert "object_type" in message


@pytest.mark.parametrize(
    ("role", "code", "sees"),
    [
        ("anonymous", 403, False),
        ("logged in", 200, False),
        ("collection member", 200, True),
        ("collection editor", 200, True),
        ("collection admin", 200, True),
        ("sysadmin", 200, True),
    ],
)
def test_members_are_known_to_members(cast, call, status, role, code, sees):
    person = cast[role]
    as_script("group_member_create", id=cast.collection["id"], username=cast["circle member"].name,
              role="member")  # fmt: skip
    data = {"id": cast.collection["name"], "include_users": True}
    assert status("group_show", person, **data)[0] == code
    if code == 200:
        assert bool(call("group_show", person, **data)["users"]) is sees
    expected = 200 if sees else 403
    for object_type in ({"object_type": "user"}, {}):
        found = status("member_list", person, id=cast.collection["id"], **object_type)
        assert found[0] == expected
    data = {"id": cast.collection["id"], "object_type": "package"}
    assert status("member_list", person, **data)[0] == 200


def test_lists_of_circles_hide_the_members_of_foreign_ones(cast, call):
    cast["circle member"]  # so that there are members to be hidden
    data = {"all_fields": True, "include_users": True, "organizations": [cast.circle["name"]]}
    (shown,) = call("organization_list", cast["logged in"], **data)
    assert shown["users"] == []
    (shown,) = call("organization_list", cast["circle member"], **data)
    assert shown["users"]


def test_lists_of_collections_never_come_with_users(cast, status):
    for role in ("anonymous", "collection admin"):
        assert status("group_list", cast[role], all_fields=True, include_users=True)[0] == 403


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("anonymous", 403),
        ("logged in", 403),
        ("collection member", 403),
        ("collection editor", 403),
        ("collection admin", 200),
        ("sysadmin", 200),
    ],
)
def test_deleted_collections_are_for_their_admins(cast, status, role, code):
    person = cast[role]
    group = model.Group.get(cast.collection["id"])
    group.state = "deleted"
    model.Session.commit()
    assert status("group_show", person, id=cast.collection["id"])[0] == code


def test_only_collections_that_one_may_fill_are_listed_for_editing(cast, call):
    for role in ("collection editor", "collection admin"):
        (listed,) = call("group_list_authz", cast[role])
        assert listed["id"] == cast.collection["id"]
        assert listed["display_name"]
    for role in ("anonymous", "logged in", "collection member", "circle admin"):
        assert call("group_list_authz", cast[role]) == []
    listed = {group["id"] for group in call("group_list_authz", cast["sysadmin"])}
    assert cast.collection["id"] in listed


def test_plain_members_still_list_their_circles(cast, call):
    (listed,) = call("organization_list_for_user", cast["circle member"])
    assert listed["id"] == cast.circle["id"]
    assert (
        call("organization_list_for_user", cast["circle member"], permission="create_dataset") == []
    )


LISTING = {
    "group_list": {},
    "organization_list": {},
    "tag_list": {},
    "group_list_authz": {},
    "group_autocomplete": {"q": "x"},
    "organization_autocomplete": {"q": "x"},
    "tag_autocomplete": {"query": "x"},
    "tag_search": {"query": "x"},
    "format_autocomplete": {"q": "x"},
    "member_roles_list": {},
}


@pytest.mark.parametrize("action", [*LISTING, "group_show", "organization_show", "member_list"])
def test_listing_can_be_hidden_from_visitors(cast, status, monkeypatch, action):
    data = dict(LISTING.get(action, {"id": cast.collection["id"], "object_type": "package"}))
    if action == "organization_show":
        data["id"] = cast.circle["id"]
    assert status(action, None, **data)[0] == 200
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_content_listing_for_anon", False)
    assert status(action, None, **data)[0] == 403
    assert status(action, cast["logged in"], **data)[0] == 200


@pytest.mark.parametrize(
    "action",
    [
        "package_search",
        "package_list",
        "license_list",
        "vocabulary_list",
        "status_show",
        "resource_schema_supplements",
        "supported_resource_suffixes",
    ],
)
def test_some_things_are_never_hidden(status, monkeypatch, action):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_content_listing_for_anon", False)
    assert status(action, None)[0] == 200


def test_lists_without_limit_are_complete(cast, call, new_circle, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.group_and_organization_list_all_fields_max", 2)
    monkeypatch.setitem(tk.config, "ckan.group_and_organization_list_max", 2)
    person = cast["logged in"]
    expected = {new_circle(person.name)["name"] for _ in range(5)} | {cast.circle["name"]}
    assert {c["name"] for c in call("organization_list", person, all_fields=True)} >= expected
    assert set(call("organization_list", person)) >= expected
    assert len(call("organization_list", person, limit=1)) == 1


@pytest.mark.parametrize("action", ["bulk_update_delete", "bulk_update_private"])
def test_bulk_changes_are_for_sysadmins(cast, new_dataset, status, action):
    dataset = new_dataset("active", private=False)
    data = {"org_id": cast.circle["id"], "datasets": [dataset["id"]]}
    assert status(action, cast["circle admin"], **data)[0] == 403


@pytest.mark.parametrize(
    ("role", "code"), [("circle admin", 200), ("circle editor", 403), ("logged in", 403)]
)
def test_circle_admins_publish_in_bulk(cast, new_dataset, status, role, code):
    dataset = new_dataset("active")
    data = {"org_id": cast.circle["id"], "datasets": [dataset["id"]]}
    assert status("bulk_update_public", cast[role], **data)[0] == code
    assert as_script("package_show", id=dataset["id"])["private"] is (code != 200)
