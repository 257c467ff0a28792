"""Reading costs the same number of SQL statements however many resources a dataset has."""

from __future__ import annotations

import pytest

from tests.dcor_schemas.auth.conftest import cast, count_statements, new_dataset

__all__ = ["cast", "count_statements", "new_dataset"]


def _show(dataset):
    return f"/api/3/action/package_show?id={dataset['id']}"


def _search(dataset):
    wanted = "include_private=true&include_drafts=true"
    return f"/api/3/action/package_search?fq=id:{dataset['id']}&{wanted}"


def _status(dataset):
    return f"/api/3/action/dcor_resource_status?id={dataset['id']}"


def _dataset_page(dataset):
    return f"/dataset/{dataset['name']}"


def _resource_page(dataset):
    return f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"


@pytest.mark.parametrize("role", ["anonymous", "circle editor", "sysadmin"])
@pytest.mark.parametrize("state", ["draft", "active"])
@pytest.mark.parametrize("address", [_show, _search, _status, _dataset_page, _resource_page])
def test_reading_costs_the_same_for_few_and_many_resources(
    app, cast, new_dataset, count_statements, address, state, role
):
    if role == "anonymous" and state == "draft":
        return  # drafts are not shown to visitors
    person, numbers = cast[role], []
    headers = person.headers if person else {}
    for resources in (2, 25):
        dataset = new_dataset(state, private=state == "draft", resources=resources)
        app.get(address(dataset), headers=headers)  # what is loaded once, is loaded
        with count_statements() as counted:
            answer = app.get(address(dataset), headers=headers)
        assert answer.status_code == 200
        assert dataset["id"] in answer.body or dataset["resources"][0]["id"] in answer.body
        numbers.append(counted.number)
    assert numbers[0] == numbers[1]
    assert numbers[0] < 150


def test_a_search_costs_the_same_for_few_and_many_datasets(
    app, cast, new_dataset, count_statements
):
    path = f"/api/3/action/package_search?fq=owner_org:{cast.circle['id']}&rows=1000"
    numbers = []
    for more in (2, 10):
        for _number in range(more):
            new_dataset("active", private=False, resources=3)
        app.get(path)
        with count_statements() as counted:
            found = app.get(path).json["result"]["results"]
        assert len(found) >= more
        numbers.append(counted.number)
    assert numbers[0] == numbers[1]
