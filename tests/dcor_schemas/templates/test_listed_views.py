"""The page of a dataset learns at once which files have views; nobody learns more than before."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script


@pytest.fixture
def viewed(new_dataset):
    """A private dataset of three files; the last one has a view."""
    dataset = new_dataset("active", resources=3)
    model.Session.query(model.ResourceView).delete()
    view = model.ResourceView(
        resource_id=dataset["resources"][2]["id"],
        title="A preview",
        view_type="dc_view",
        order=0,
    )
    model.Session.add(view)
    model.Session.commit()
    return dataset


def listed(context, resource) -> list[str]:
    found = tk.get_action("resource_view_list")(context, {"id": resource["id"]})
    return [view["title"] for view in found]


def test_a_page_gets_what_ckan_gives(viewed, cast):
    context = {"user": cast["circle member"].name, "for_view": True}
    tk.get_action("package_show")(context, {"id": viewed["id"]})
    alone = [listed({"user": cast["circle member"].name}, one) for one in viewed["resources"]]
    assert [listed(context, one) for one in viewed["resources"]] == alone
    assert alone == [[], [], ["A preview"]]


def test_files_of_other_datasets_are_asked_for_as_ever(viewed, cast, new_dataset):
    other = new_dataset("active", private=False)
    context = {"user": cast["logged in"].name, "for_view": True}
    tk.get_action("package_show")(context, {"id": other["id"]})
    for _ in range(2):
        listed(context, other["resources"][0])
    with pytest.raises(tk.NotAuthorized):
        listed(context, viewed["resources"][2])


def test_strangers_learn_nothing(viewed, cast):
    with pytest.raises(tk.NotAuthorized):
        listed({"user": cast["logged in"].name}, viewed["resources"][2])
    assert as_script("resource_view_list", id=viewed["resources"][0]["id"]) == []
