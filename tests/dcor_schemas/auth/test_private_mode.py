"""On sites without public data no dataset becomes public, on no way."""

import pytest

from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script


@pytest.fixture(autouse=True)
def _no_public_data(request, cast, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_public_datasets", False)


def given(cast):
    return {
        "title": "T",
        "authors": "A",
        "license_id": "CC0-1.0",
        "owner_org": cast.circle["id"],
    }


def test_new_datasets_are_private(cast, call):
    made = call("package_create", cast["circle editor"], **given(cast))
    assert made["private"] is True


def test_new_datasets_cannot_be_public(cast, status):
    code, message = status("package_create", cast["circle editor"], private=False, **given(cast))
    assert (code, "Creating public datasets has been disabled" in message) == (403, True)


def test_not_even_those_of_sysadmins(cast, call):
    assert call("package_create", cast["sysadmin"], private=False, **given(cast))["private"] is True


@pytest.mark.parametrize("state", ["draft", "active"])
def test_no_change_makes_a_dataset_public(cast, new_dataset, status, state):
    dataset, editor = new_dataset(state), cast["circle editor"]
    ways = {
        "package_patch": {"id": dataset["id"], "private": False},
        "package_revise": {"match__id": dataset["id"], "update__private": False},
        "package_update": dataset | {"private": "False"},
    }
    for way, data in ways.items():
        code, message = status(way, editor, **data)
        assert (code, "Public datasets have been disabled" in message) == (403, True)
    without = {key: value for key, value in dataset.items() if key != "private"}
    assert status("package_update", editor, **without)[0] == 200
    assert status("package_patch", cast["sysadmin"], id=dataset["id"], private=False)[0] == 200
    assert as_script("package_show", id=dataset["id"])["private"] is True
    assert status("package_show", None, id=dataset["id"])[0] == 403


@pytest.mark.parametrize("value", [True, None])
def test_old_public_datasets_become_private(cast, new_dataset, status, monkeypatch, value):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_public_datasets", True)
    dataset = new_dataset("active", private=False)
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_public_datasets", False)
    data = {key: value for key, value in dataset.items() if key != "private"}
    data |= {"license_id": "CC0-1.0"} if value is None else {"private": value}
    assert status("package_update", cast["circle editor"], **data)[0] == 200
    assert as_script("package_show", id=dataset["id"])["private"] is True


def test_nobody_publishes_in_bulk(cast, new_dataset, status):
    dataset = new_dataset("active")
    data = {"org_id": cast.circle["id"], "datasets": [dataset["id"]]}
    assert status("bulk_update_public", cast["circle admin"], **data)[0] == 403
    status("bulk_update_public", cast["sysadmin"], **data)
    assert as_script("package_show", id=dataset["id"])["private"] is True
