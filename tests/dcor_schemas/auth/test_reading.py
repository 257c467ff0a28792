"""Who reads which dataset: the labels of users and datasets."""

import pytest

from ckan import model

from ckanext.dcor_schemas import labels

MEMBERS = (
    "circle member",
    "circle editor",
    "circle admin",
    "collaborator (member)",
    "collaborator (editor)",
    "collection member",
    "collection editor",
    "collection admin",
    "sysadmin",
)
OTHERS = ("anonymous", "logged in")


@pytest.mark.parametrize(
    ("state", "private"), [("draft", True), ("draft", False), ("active", True)]
)
def test_what_is_not_public_is_for_those_who_belong_to_it(
    cast, new_dataset, call, status, state, private
):
    dataset = new_dataset(state, private=private)
    query = {"fq": f"id:{dataset['id']}", "include_drafts": True, "include_private": True}
    for role in MEMBERS:
        assert status("package_show", cast[role], id=dataset["id"])[0] == 200, role
        if state == "active":
            assert call("package_search", cast[role], **query)["count"] == 1, role
    for role in OTHERS:
        assert status("package_show", cast[role], id=dataset["id"])[0] == 403, role
        assert call("package_search", cast[role], **query)["count"] == 0, role


def test_what_is_public_is_for_everybody(cast, new_dataset, call, status):
    dataset = new_dataset("active", private=False)
    for role in (*MEMBERS, *OTHERS):
        assert status("package_show", cast[role], id=dataset["name"])[0] == 200
    found = call("package_search", None, fq=f"id:{dataset['id']}")
    assert found["results"][0]["authors"] == "Peter Pan"


def test_deleted_datasets_stay_with_their_circle(cast, new_dataset, status):
    cast["collaborator (editor)"]  # has to be there before the dataset is deleted
    dataset = new_dataset("draft")
    assert status("package_delete", cast["circle editor"], id=dataset["name"])[0] == 200
    for role, code in (
        ("circle member", 200),
        ("circle admin", 200),
        ("collaborator (editor)", 403),
        ("collection admin", 403),
        ("logged in", 403),
    ):
        assert status("package_show", cast[role], id=dataset["id"])[0] == code, role


def test_our_labels_include_those_of_ckan(cast, new_dataset):
    from ckan.lib.plugins import DefaultPermissionLabels

    new_dataset("active")
    for role in MEMBERS[:-1]:
        user = model.User.get(cast[role].id)
        assert set(DefaultPermissionLabels().get_user_dataset_labels(user)) <= set(
            labels.user_labels(user)
        )


def test_admins_of_a_circle_read_in_its_sub_circles(cast, new_dataset, new_circle, status):
    admin, plain = cast["logged in"], cast["circle member"]
    parent = new_circle(admin.name)
    child = model.Group.get(cast.circle["id"])
    model.Session.add(
        model.Member(group=child, table_id=parent["id"], table_name="group", capacity="parent")
    )
    model.Session.commit()
    dataset = new_dataset("draft")
    assert status("package_show", admin, id=dataset["id"])[0] == 200
    assert status("package_patch", admin, id=dataset["id"], title="T")[0] == 200
    assert status("package_patch", plain, id=dataset["id"], title="T")[0] == 403


@pytest.mark.parametrize("resources", [1, 30])
def test_labels_and_rules_cost_few_statements(cast, new_dataset, resources, count_statements):
    dataset = new_dataset("draft", resources=resources)
    user = model.User.get(cast["circle editor"].id)
    with count_statements() as counted:
        labels.user_labels(user)
    assert counted.number == 1
    package = model.Package.get(dataset["id"])
    with count_statements() as counted:
        labels.dataset_labels(package, [])
    assert counted.number == 1
