"""What is said about the files of a dataset that is no draft stays, also if it is left out."""

import pytest

from ckan import model

from tests.dcor_schemas.auth.conftest import as_script

_FILTERS = ["-resources__*__description", "-resources__*__sp:chip:maker"]


def _ids(dataset):
    return [{"id": one["id"]} for one in dataset["resources"]]


def _update(dataset):
    return "package_update", dataset | {"resources": _ids(dataset)}


def _patch(dataset):
    return "package_patch", {"id": dataset["id"], "resources": _ids(dataset)}


def _revise(dataset):
    return "package_revise", {"match": {"id": dataset["id"]}, "filter": _FILTERS}


def _revise_one(dataset):
    filters = ["-resources__0__description"]
    return "package_revise", {"match": {"id": dataset["id"]}, "filter": filters}


def _with_other_change(dataset):
    return "package_revise", _revise(dataset)[1] | {"update": {"private": False}}


def _other_times(dataset):
    old = {"metadata_modified": "1999-01-01T00:00:00", "position": 7}
    return "package_update", dataset | {"resources": [one | old for one in dataset["resources"]]}


def _resource(dataset):
    return "resource_update", {"id": dataset["resources"][0]["id"]}


_WAYS = (_update, _patch, _revise, _revise_one, _with_other_change, _other_times, _resource)


def _resources(dataset):
    model.Session.remove()
    return as_script("package_show", id=dataset["id"])["resources"]


@pytest.mark.parametrize("state", ["active", "deleted"])
@pytest.mark.parametrize("role", ["circle editor", "collaborator (editor)"])
@pytest.mark.parametrize("way", _WAYS)
def test_what_is_left_out_stays(cast, new_dataset, status, state, role, way):
    cast[role]
    dataset = new_dataset(state, resources=2)
    action, data = way(dataset)
    code, message = status(action, cast[role], **data)
    assert code in {200, 403}, message
    assert _resources(dataset) == dataset["resources"]


def test_the_editor_may_still_send_back_less(cast, new_dataset, status):
    action, data = _update(new_dataset("active", resources=2))
    assert status(action, cast["circle editor"], **data)[0] == 200


@pytest.mark.parametrize("way", [_update, _revise])
def test_descriptions_of_drafts_are_taken_away_by_leaving_them_out(cast, new_dataset, status, way):
    dataset = new_dataset("draft", resources=2)
    action, data = way(dataset)
    assert status(action, cast["circle editor"], **data)[0] == 200
    for resource in _resources(dataset):
        assert "sp:chip:maker" not in resource
        assert not resource["description"]


def test_sysadmins_take_descriptions_away(cast, new_dataset, status):
    dataset = new_dataset("active", resources=2)
    action, data = _revise(dataset)
    assert status(action, cast["sysadmin"], **data)[0] == 200
    assert not any(one.get("description") for one in _resources(dataset))
