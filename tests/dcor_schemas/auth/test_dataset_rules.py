"""What may be changed in a dataset, on every way in."""

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script

GIVEN = {"title": "New", "authors": "A", "license_id": "CC0-1.0", "private": True}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("anonymous", "Action package_create requires an authenticated user"),
        ("logged in", "not authorized to create packages"),
        ("circle member", "not authorized to create packages"),
        ("collection admin", "not authorized to create packages"),
    ],
)
def test_only_those_with_a_role_in_the_circle_create(cast, status, role, expected):
    code, message = status("package_create", cast[role], owner_org=cast.circle["id"], **GIVEN)
    assert code == 403
    assert "Access denied: " in message
    assert expected in message


@pytest.mark.parametrize("reference", ["id", "name"])
def test_new_datasets_are_drafts_named_after_their_title(cast, call, reference):
    circle = cast.circle[reference]
    made = call("package_create", cast["circle editor"], owner_org=circle, name="mine", **GIVEN)
    assert made["state"] == "draft"
    assert made["name"].startswith("new")
    assert made["name"] != "mine"
    assert made["private"] is True
    assert made["authors"] == "A"


def test_two_datasets_with_one_title_get_two_names(cast, call):
    def make():
        return call("package_create", cast["circle editor"], owner_org=cast.circle["id"], **GIVEN)

    assert make()["name"] != make()["name"]


@pytest.mark.parametrize(
    ("changes", "code", "expected"),
    [
        ({"id": "8d3a1c1e-5f6b-4a2b-9c3d-0123456789ab"}, 403, "Only sysadmins may specify"),
        ({"state": "active"}, 409, "because it does not contain any resources"),
        ({"state": "deleted"}, 409, "New datasets are drafts"),
        ({"state": "foo"}, 409, "Unknown state"),
        ({"authors": " , "}, 409, "{'authors': ['Missing value']"),
        ({"authors": None}, 409, "{'authors': ['Missing value']"),
        ({"license_id": "none"}, 409, "{'license_id': [\"Please choose a license_id: ["),
        ({"license_id": None}, 409, "Please choose a license_id"),
        ({"license_id": "CC-BY-NE-4.0"}, 409, "Please choose a license_id"),
        ({"title": None}, 409, "{'title': ['Missing value']"),
        ({"doi": "https://doi.org"}, 409, "'doi'"),
        ({"references": "javascript:alert(1)"}, 409, "'references'"),
        ({"owner_org": None}, 409, "'owner_org'"),
        ({"owner_org": "no-such-circle"}, 403, "not authorized to create packages"),
        ({"resources": [{"name": "a.rtdc", "id": "x", "package_id": "y"}]}, 409, "resources"),
    ],
)
def test_bad_new_datasets_are_refused(cast, status, changes, code, expected):
    given = {"owner_org": cast.circle["id"]} | GIVEN | changes
    given = {key: value for key, value in given.items() if value is not None}
    answer = status("package_create", cast["circle editor"], **given)
    assert answer[0] == code
    assert expected in answer[1]


def test_an_empty_title_is_a_title(cast, call):
    given = GIVEN | {"title": "", "owner_org": cast.circle["id"]}
    assert len(call("package_create", cast["circle editor"], **given)["name"]) == 2


def test_fields_that_the_repository_does_not_have_vanish(cast, call):
    given = {"author": "X", "url": "https://example.org", "version": "1", "maintainer": "Y"}
    made = call(
        "package_create", cast["circle editor"], owner_org=cast.circle["id"], **GIVEN, **given
    )
    assert not {"author", "author_email", "maintainer", "maintainer_email", "url", "version"} & set(
        made
    )


FROZEN = {
    "title": "Other",
    "notes": "Other",
    "authors": "Other",
    "doi": "10.1000/99",
    "references": "doi:10.1000/99",
    "tags": [{"name": "other"}],
    "extras": [{"key": "a", "value": "b"}],
    "groups": [],
}


@pytest.mark.parametrize("state", ["active", "deleted"])
@pytest.mark.parametrize("key", FROZEN)
def test_metadata_is_frozen_after_activation(cast, new_dataset, status, state, key):
    dataset = new_dataset(state)
    if state == "deleted" and key == "groups":
        pytest.skip("a deleted dataset is in no collection")
    answer = status("package_patch", cast["circle admin"], id=dataset["id"], **{key: FROZEN[key]})
    assert answer[0] == 403
    assert f"Changing '{key}' not allowed for non-draft datasets" in answer[1]


@pytest.mark.parametrize("key", FROZEN)
def test_metadata_of_drafts_is_free(cast, new_dataset, status, key):
    dataset = new_dataset("draft")
    answer = status("package_patch", cast["circle editor"], id=dataset["id"], **{key: FROZEN[key]})
    assert answer[0] == 200, answer


def test_what_a_full_update_of_an_active_dataset_omits_stays(cast, new_dataset, status):
    before = new_dataset("active", extras=[{"key": "a", "value": "b"}])
    code, message = status(
        "package_update",
        cast["circle admin"],
        id=before["name"],
        authors=before["authors"],
        license_id="CC0-1.0",
    )
    assert code == 200, message
    after = as_script("package_show", id=before["id"])
    changed = {key for key in before | after if before.get(key) != after.get(key)}
    assert changed <= {"license_id", "license_title", "license_url", "metadata_modified", "isopen"}


def test_a_whole_dataset_can_be_sent_back(cast, new_dataset, status):
    for state in ("draft", "active", "deleted"):
        dataset = new_dataset(state)
        assert status("package_update", cast["circle editor"], **dataset)[0] == 200


@pytest.mark.parametrize("reference", ["id", "name"])
@pytest.mark.parametrize("state", ["draft", "active"])
def test_licences_become_less_restrictive_only(cast, new_dataset, status, reference, state):
    dataset = new_dataset(state)
    editor, reference = cast["circle editor"], dataset[reference]
    code, message = status("package_patch", editor, id=reference, license_id="CC-BY-SA-4.0")
    assert code == 403
    assert "Cannot switch to more-restrictive license" in message
    assert status("package_patch", editor, id=reference, license_id="CC0-1.0")[0] == 200
    assert status("package_patch", editor, id=reference, license_id="CC-BY-4.0")[0] == 403


@pytest.mark.parametrize("state", ["draft", "active"])
def test_private_becomes_public_and_never_back(cast, new_dataset, status, state):
    dataset, editor = new_dataset(state), cast["circle editor"]
    assert status("package_patch", editor, id=dataset["id"], private=False)[0] == 200
    code, message = status("package_patch", editor, id=dataset["id"], private=True)
    assert code == 403
    assert "Changing visibility to private not allowed" in message


@pytest.mark.parametrize(
    ("state", "wanted", "code", "expected"),
    [
        ("draft", "active", 409, "Cannot activate the dataset"),
        ("draft", "deleted", 403, "Changing dataset state"),
        ("draft", "foo", 409, "Unknown state"),
        ("active", "draft", 403, "Changing dataset state to draft not allowed"),
        ("active", "deleted", 403, "Changing dataset state"),
        ("active", "foo", 409, "Unknown state"),
        ("deleted", "draft", 403, "Changing dataset state to draft not allowed"),
        ("deleted", "active", 403, "Changing dataset state"),
    ],
)
@pytest.mark.parametrize("way", ["package_patch", "package_revise", "package_update"])
def test_states_change_only_from_draft_to_active(
    cast, new_dataset, status, state, wanted, code, expected, way
):
    dataset = new_dataset(state)
    data = {
        "package_patch": {"id": dataset["id"], "state": wanted},
        "package_revise": {"match__id": dataset["id"], "update__state": wanted},
        "package_update": dataset | {"state": wanted},
    }[way]
    answer = status(way, cast["circle admin"], **data)
    assert answer[0] == code, answer
    assert expected in answer[1]
    assert as_script("package_show", id=dataset["id"])["state"] == state


def test_names_never_change(cast, new_dataset, status):
    for state, expected in (("draft", "Editing not allowed"), ("active", "'name' not allowed")):
        dataset = new_dataset(state)
        code, message = status(
            "package_patch", cast["circle admin"], id=dataset["id"], name="other"
        )
        assert code == 403
        assert expected in message


IRREVOCABLE = {
    "publish": ("package_patch", {"private": False}, "draft"),
    "license": ("package_patch", {"license_id": "CC0-1.0"}, "draft"),
    "activate": ("package_patch", {"state": "active"}, "draft"),
    "delete": ("package_delete", {}, "draft"),
    "publish active": ("package_patch", {"private": False}, "active"),
    "license active": ("package_patch", {"license_id": "CC0-1.0"}, "active"),
}


@pytest.mark.parametrize("step", IRREVOCABLE)
def test_collaborators_take_no_irrevocable_step(cast, new_dataset, status, step):
    action, data, state = IRREVOCABLE[step]
    dataset = new_dataset(state)
    code, message = status(action, cast["collaborator (editor)"], id=dataset["id"], **data)
    assert code == 403
    assert "in the circle of the dataset" in message


def test_collaborators_edit_metadata_and_resources_of_drafts(cast, new_dataset, status):
    dataset, editor = new_dataset("draft"), cast["collaborator (editor)"]
    assert status("package_patch", editor, id=dataset["id"], title="Other")[0] == 200
    rid = dataset["resources"][0]["id"]
    assert status("resource_patch", editor, id=rid, description="new")[0] == 200


def test_drafts_are_deleted_and_then_purged(cast, new_dataset, status):
    dataset, admin = new_dataset("draft"), cast["circle editor"]
    code, message = status("dataset_purge", admin, id=dataset["id"])
    assert (code, "Only deleted datasets can be purged" in message) == (403, True)
    assert status("package_delete", admin, id=dataset["name"])[0] == 200
    assert status("dataset_purge", admin, id=dataset["id"])[0] == 200
    code, message = status("package_show", admin, id=dataset["id"])
    assert code == 404


def test_active_datasets_are_not_deleted(cast, new_dataset, status):
    code, message = status("package_delete", cast["circle admin"], id=new_dataset("active")["id"])
    assert code == 403
    assert "Only draft datasets can be deleted" in message


@pytest.mark.parametrize("role", ["logged in", "circle member", "collection admin"])
def test_others_do_not_edit(cast, new_dataset, status, role):
    dataset = new_dataset("draft")
    for action in ("package_patch", "package_delete", "dataset_purge"):
        code, message = status(action, cast[role], id=dataset["id"])
        assert code == 403
        assert "not authorized to edit package" in message


def test_visitors_are_told_to_log_in(cast, new_dataset, status):
    dataset = new_dataset("active", private=False)
    for action in ("package_update", "package_delete", "dataset_purge"):
        code, message = status(action, None, id=dataset["id"])
        assert code == 403
        assert f"Access denied: Action {action} requires an authenticated user" in message


def test_a_draft_with_resources_stays_in_its_circle(cast, new_dataset, new_circle, status):
    editor = cast["circle editor"]
    other = new_circle(editor.name)
    for person in (editor, cast["sysadmin"]):
        full, empty = new_dataset("draft"), new_dataset("draft", resources=0)
        code, message = status("package_patch", person, id=full["id"], owner_org=other["id"])
        assert code == 409, message
        assert "stays in its circle" in message
        assert status("package_patch", person, id=empty["id"], owner_org=other["id"])[0] == 200


@pytest.mark.parametrize("state", ["draft", "active", "deleted"])
def test_nobody_takes_a_dataset_away_from_its_objects(cast, new_dataset, new_circle, status, state):
    admin = cast["sysadmin"]
    other = new_circle(admin.name)
    dataset = new_dataset(state)
    tried = {
        "package_patch": {"owner_org": other["name"]},
        "package_update": dataset | {"owner_org": other["id"]},
        "package_owner_org_update": {"organization_id": other["id"]},
    }
    for action, data in tried.items():
        code, message = status(action, admin, **data | {"id": dataset["id"]})
        assert code == 409, message
        assert "stays in its circle" in message
    with pytest.raises(tk.ValidationError, match="stays in its circle"):
        as_script("package_patch", id=dataset["id"], owner_org=other["id"])
    assert as_script("package_show", id=dataset["id"])["owner_org"] == dataset["owner_org"]


def test_the_circle_of_a_dataset_may_be_named_again(cast, new_dataset, status):
    dataset = new_dataset("active")
    for circle in (cast.circle["id"], cast.circle["name"]):
        where = {"id": dataset["id"], "organization_id": circle}
        assert status("package_owner_org_update", cast["sysadmin"], **where)[0] == 200
        where = {"id": dataset["id"], "owner_org": circle}
        assert status("package_patch", cast["sysadmin"], **where)[0] == 200


def test_a_dataset_without_resources_goes_to_another_circle(cast, new_dataset, new_circle, status):
    admin = cast["sysadmin"]
    dataset, other = new_dataset("draft", resources=0), new_circle(admin.name)
    where = {"id": dataset["id"], "organization_id": other["id"]}
    assert status("package_owner_org_update", admin, **where)[0] == 200
    assert model.Package.get(dataset["id"]).owner_org == other["id"]
