"""What is stored and shown of a dataset."""

import uuid

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script

from ckanext.dcor_schemas import schema


def given(cast, **changes):
    data = {
        "title": "Title",
        "authors": "A,B",
        "license_id": "CC0-1.0",
        "owner_org": cast.circle["id"],
    }
    return data | changes


def test_what_people_type_is_normalised(cast, call):
    data = given(
        cast, doi="https://doi.org/10.1371/x", references="https://arxiv.org/abs/1507.00466"
    )
    made = call("package_create", cast["circle editor"], **data)
    shown = call("package_show", cast["circle editor"], id=made["id"])
    for dataset in (made, shown):
        assert dataset["authors"] == "A, B"
        assert dataset["doi"] == "10.1371/x"
        assert dataset["references"] == "arXiv:1507.00466"
        assert dataset["extras"] == []
        assert dataset["private"] is False


def test_extras_are_free_in_drafts_and_cannot_shadow_our_fields(cast, call, status):
    editor = cast["circle editor"]
    made = call("package_create", editor, **given(cast, extras=[{"key": "a", "value": "b"}]))
    assert made["extras"] == [{"key": "a", "value": "b"}]
    extras = [{"key": "authors", "value": "Other"}]
    assert status("package_patch", editor, id=made["id"], extras=extras)[0] == 409


def test_full_updates_of_drafts_drop_what_they_omit_but_patches_do_not(cast, call):
    editor = cast["circle editor"]
    made = call(
        "package_create", editor, **given(cast, doi="10.1000/1", references="doi:10.1000/2")
    )
    patched = call("package_patch", editor, id=made["id"], title="Other")
    assert patched["doi"] == "10.1000/1"
    assert patched["name"] == made["name"]
    updated = call("package_update", editor, id=made["id"], **given(cast))
    assert not {"doi", "references"} & set(updated)


def test_authors_are_required_on_every_full_update(cast, new_dataset, status):
    for state in ("draft", "active"):
        dataset = new_dataset(state)
        del dataset["authors"]
        code, message = status("package_update", cast["circle editor"], **dataset)
        assert (code, "{'authors': ['Missing value']" in message) == (409, True)


def test_sysadmins_choose_names_and_ids_that_are_valid(cast, call, status):
    admin, dataset_id = cast["sysadmin"], str(uuid.uuid4())
    name = f"n{uuid.uuid4().hex}"
    made = call("package_create", admin, **given(cast, name=name, id=dataset_id))
    assert (made["name"], made["id"]) == (name, dataset_id)
    for changes in ({"name": "Not Valid!"}, {"name": name}, {"id": "no-uuid"}, {"id": dataset_id}):
        assert status("package_create", admin, **given(cast, **changes))[0] == 409, changes


def test_sysadmins_without_a_name_get_different_ones(cast, call):
    made = [call("package_create", cast["sysadmin"], **given(cast)) for _ in range(2)]
    assert made[0]["name"] != made[1]["name"]
    assert all(len(dataset["name"]) > 1 for dataset in made)


def test_names_of_deleted_datasets_are_used_again(cast, call):
    editor = cast["circle editor"]
    title = f"Title {uuid.uuid4().hex}"
    first = call("package_create", editor, **given(cast, title=title))
    call("package_delete", editor, id=first["id"])
    assert call("package_create", editor, **given(cast, title=title))["name"] == first["name"]


def test_scripts_activate_without_a_check_but_not_without_resources(new_dataset):
    with pytest.raises(tk.ValidationError, match="does not contain any resources"):
        new_dataset("active", resources=0)
    assert new_dataset("active", resources=1)["state"] == "active"


def test_even_sysadmins_need_a_valid_measurement(cast, new_dataset, status):
    dataset = new_dataset("draft")
    code, message = status("package_patch", cast["sysadmin"], id=dataset["id"], state="active")
    assert (code, "Cannot activate the dataset" in message) == (409, True)
    dataset = new_dataset("draft", resources=0)
    code, message = status("package_patch", cast["circle admin"], id=dataset["id"], state="active")
    assert (code, "because it does not contain any resources" in message) == (409, True)


def test_a_dataset_is_shown_as_ckan_shows_it(new_dataset):
    dataset = new_dataset("active")
    plain = as_script("package_show", id=dataset["id"], use_default_schema=True)
    assert dataset == plain
    schema.present(dataset)
    assert dataset == plain


def test_the_index_and_the_database_say_the_same(new_dataset):
    dataset = new_dataset("active", resources=2)
    context = {"ignore_auth": True, "user": "", "use_cache": False}
    assert tk.get_action("package_show")(context, {"id": dataset["id"]}) == dataset
    (found,) = as_script("package_search", fq=f"id:{dataset['id']}", include_private=True)[
        "results"
    ]
    assert found == dataset


@pytest.mark.parametrize(
    ("action", "make"),
    [
        ("package_show", lambda dataset: {"id": dataset["id"]}),
        ("package_patch", lambda dataset: {"id": dataset["id"], "notes": uuid.uuid4().hex}),
        (
            "resource_patch",
            lambda d: {"id": d["resources"][0]["id"], "description": uuid.uuid4().hex},
        ),
        (
            "package_revise",
            lambda dataset: {"match__id": dataset["id"], "update__notes": uuid.uuid4().hex},
        ),
    ],
)
def test_the_number_of_statements_does_not_depend_on_the_number_of_resources(
    cast, new_dataset, status, count_statements, action, make
):
    editor, numbers = cast["circle editor"], []
    for resources in (2, 20):
        dataset = new_dataset("draft", resources=resources)
        status(action, editor, **make(dataset))  # what is loaded once, is loaded
        with count_statements() as counted:
            assert status(action, editor, **make(dataset))[0] == 200
        numbers.append(counted.number)
    assert numbers[0] == numbers[1]
    model.Session.remove()
