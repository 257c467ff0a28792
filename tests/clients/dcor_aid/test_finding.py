"""DCOR-Aid: search, collections, and datasets that are shared."""

from __future__ import annotations

import time
from typing import Any

import pytest
from dcoraid import CKANAPI, APIInterrogator
from dcoraid.api import (
    APIAuthorizationError,
    dataset_create,
)

from tests.clients.dcor_aid.acting import (
    described,
    found,
    show,
    unique,
)

# DCOR-Aid leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


# search


def test_draft_is_found_straight_after_by_its_creator(api, draft):
    mine = f"creator_user_id:{api.user_id} AND state:draft"
    answer = api.copy().get(
        "package_search",
        q="*:*",
        include_drafts=True,
        include_private=True,
        fq=mine,
        rows=1000,
    )
    assert draft in {one["id"] for one in answer["results"]}
    assert {one["state"] for one in answer["results"]} == {"draft"}


def test_active_dataset_is_found_straight_after(api, path):
    before = time.time()
    circle, collection = unique("circle"), unique("collection")
    api.post("group_create", {"name": collection, "title": "Things"})
    created = dataset_create(
        described(circle, groups=[{"name": collection}], title="Lost DCOR-Aid boys"),
        api.copy(),
        resources=[path],
        create_circle=True,
        activate=True,
    )
    only = {created["id"]}
    assert found(api, circles=[circle]) == only
    assert found(api, collections=[collection]) == only
    assert found(api, circles=[circle], collections=[collection]) == only
    assert found(api, query="dcoraid", circles=[circle]) == only
    assert found(api, query="hook boys", circles=[circle]) == only
    assert found(api, circles=[circle], since_time=before) == only
    assert found(api, circles=[circle], since_time=before + 3600) == set()
    assert found(api, circles=[circle], filter_queries=[f"-creator_user_id:{api.user_id}"]) == set()
    assert only <= {one["id"] for one in APIInterrogator(api).get_datasets_user_owned()}


def test_pages_of_a_search(api, path):
    circle = unique("circle")
    for _ in range(3):
        dataset_create(described(circle), api.copy(), [path], create_circle=True, activate=True)
    interrogator = APIInterrogator(api)
    assert len(interrogator.search_dataset_via_api(circles=[circle], limit=2)) == 2
    assert len(interrogator.search_dataset_via_api(circles=[circle], limit=0)) == 3


def test_private_dataset_is_found_by_members_only(api, circle, published, connect_other):
    assert published.id in found(api, circles=[circle])
    assert found(connect_other(), circles=[circle]) == set()


# collections and sharing


@pytest.fixture
def collection(api: CKANAPI) -> dict[str, Any]:
    return api.require_collection(unique("collection"), title="Neverland Data")


def add_to(collection: dict[str, Any], dataset: str, api: CKANAPI) -> None:
    whom = {"object": dataset, "object_type": "package", "capacity": "member"}
    api.post("member_create", {"id": collection["id"]} | whom)


def test_collection_is_required_twice_and_created_once(api, collection):
    assert collection["title"] == "Neverland Data"
    assert api.require_collection(collection["name"])["id"] == collection["id"]
    another = api.require_collection(collection["name"], exist_ok=False)
    assert another["name"].startswith(f"{collection['name']}-")
    assert collection["id"] in {one["id"] for one in api.copy().get("group_list_authz")}


def test_dataset_is_added_to_and_removed_from_a_collection(api, collection, published):
    add_to(collection, published.id, api)
    assert found(api, collections=[collection["name"]]) == {published.id}
    gone = {"id": collection["id"], "object": published.id, "object_type": "package"}
    api.post("member_delete", gone)
    assert found(api, collections=[collection["name"]]) == set()


def test_shared_collection_can_be_read_but_not_changed(api, collection, published, connect_other):
    other = connect_other()
    add_to(collection, published.id, api)
    with pytest.raises(APIAuthorizationError):
        show(other, published.id)
    share = {"id": collection["name"], "username": other.user_id}
    api.post("group_member_create", share | {"role": "member"})
    assert show(other, published.id)["id"] == published.id
    assert published.id in {one["id"] for one in APIInterrogator(other).get_datasets_user_shared()}
    gone = {"id": collection["id"], "object": published.id, "object_type": "package"}
    with pytest.raises(APIAuthorizationError):
        other.post("member_delete", gone)
    api.post("group_member_delete", share)
    with pytest.raises(APIAuthorizationError):
        show(other, published.id)


def test_shared_dataset_can_be_read_until_it_is_unshared(api, published, connect_other):
    other = connect_other()
    share = {"id": published.dataset["name"], "user_id": other.user_id}
    api.post("package_collaborator_create", share | {"capacity": "member"})
    listed = api.get("package_collaborator_list", id=published.dataset["name"])
    assert other.user_id in {one["user_id"] for one in listed}
    assert show(other, published.id)["id"] == published.id
    assert published.id in {one["id"] for one in APIInterrogator(other).get_datasets_user_shared()}
    api.post("package_collaborator_delete", share)
    with pytest.raises(APIAuthorizationError):
        show(other, published.id)
