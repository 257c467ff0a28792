"""DCOR-Aid: datasets from the draft to their activation."""

from __future__ import annotations

import hashlib

import pytest
from dcoraid import CKANAPI
from dcoraid.api import (
    APIAuthorizationError,
    APIConflictError,
    APINotFoundError,
    dataset_activate,
    dataset_create,
    dataset_draft_remove,
    dataset_draft_remove_all,
    resource_add,
)
from dcoraid.upload import UploadJob

from tests.clients.dcor_aid.acting import (
    NOBODY,
    described,
    show,
    unique,
)

# DCOR-Aid leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


# datasets


def test_dataset_is_created_as_a_draft(api, circle):
    data = described(circle, tags=[{"name": "pirates"}], references="arxiv:1507.00466")
    created = dataset_create(data, api)
    assert created["state"] == "draft"
    assert created["authors"] == data["authors"]
    assert created["name"] == data["title"].lower().replace(" ", "-")
    assert [tag["name"] for tag in created["tags"]] == ["pirates"]


def test_equal_titles_give_different_names(api, circle):
    data = described(circle)
    first, second = (dataset_create(data, api)["name"] for _ in range(2))
    assert first != second


def test_dataset_can_be_activated_straight_after_the_upload(published):
    assert published.dataset["state"] == "active"
    (resource,) = published.dataset["resources"]
    expected = hashlib.md5(published.path.read_bytes(), usedforsecurity=False)
    assert resource["etag"] == expected.hexdigest()
    assert resource["mimetype"] == "RT-DC"
    assert "size" in resource


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"authors": None}, r"authors: \['Missing value'\]"),
        ({"authors": " , "}, r"authors: \['Missing value'\]"),
        ({"license_id": None}, "license_id: .*Please choose a license_id: "),
        ({"license_id": "none-such"}, "license_id: .*Please choose a license_id: "),
    ],
)
def test_incomplete_datasets_are_conflicts(api, circle, changes, text):
    with pytest.raises(APIConflictError, match=text):
        dataset_create(described(circle, **changes), api)


def test_unknown_dataset_is_not_found(api, path):
    for use in (
        lambda: show(api, NOBODY),
        lambda: resource_add(NOBODY, path, api),
        lambda: dataset_activate(NOBODY, api),
        lambda: UploadJob(api, NOBODY, [path]),
    ):
        with pytest.raises(APINotFoundError, match=NOBODY):
            use()


def test_unknown_resource_is_not_found(api):
    with pytest.raises(APINotFoundError, match=NOBODY):
        api.get("resource_show", id=NOBODY)


def test_private_dataset_is_not_shown_to_strangers(published, served, connect_other):
    for stranger in (CKANAPI(served.url), connect_other()):
        with pytest.raises(APIAuthorizationError):
            show(stranger, published.id)


def test_removed_draft_is_gone(api, draft, path):
    resource_add(draft, path, api)
    dataset_draft_remove(draft, api)
    with pytest.raises(APINotFoundError, match=draft):
        show(api, draft)


def test_all_drafts_of_a_user_are_removed_and_nothing_else(connect_other, draft, path):
    api = connect_other()
    data = described(unique("circle"))
    active = dataset_create(data, api, resources=[path], create_circle=True, activate=True)
    drafts = {dataset_create(data, api.copy())["id"] for _ in range(2)}
    deleted, ignored = dataset_draft_remove_all(api)
    assert {one["id"] for one in deleted} == drafts
    assert ignored == []
    assert show(api, active["id"])["state"] == "active"


def test_active_dataset_cannot_be_deleted(api, published):
    with pytest.raises(APIAuthorizationError, match="Only draft datasets can be deleted"):
        dataset_draft_remove(published.id, api)


# activation


def test_activation_needs_resources(api, draft):
    with pytest.raises(APIConflictError, match="because it does not contain any resources"):
        dataset_activate(draft, api)


@pytest.mark.parametrize("name", ["notes.txt", "broken.rtdc"])
def test_activation_needs_a_measurement(api, draft, tmp_path, name):
    (tmp_path / name).write_text("this is no measurement")
    resource_add(draft, tmp_path / name, api)
    with pytest.raises(APIConflictError, match="make sure that it contains a valid DC resource"):
        dataset_activate(draft, api)


def test_active_dataset_takes_no_further_resource(api, published, path):
    with pytest.raises(APIAuthorizationError):
        resource_add(published.id, path, api, resource_name="more.rtdc")
    assert len(show(api, published.id)["resources"]) == 1
