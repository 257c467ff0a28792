"""Unmodified DCOR-Aid against a served instance: what researchers do with it, and its errors.

DCOR-Aid reads the reason phrases and the error texts of answers; so both are part of the contract.
"""

from __future__ import annotations

import gc
import hashlib
import json
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dcoraid import CKANAPI, APIInterrogator, create_task
from dcoraid.api import (
    APIAuthorizationError,
    APIConflictError,
    APINotFoundError,
    dataset_activate,
    dataset_create,
    dataset_draft_remove,
    dataset_draft_remove_all,
    resource_add,
    resource_exists,
)
from dcoraid.download import DownloadJob
from dcoraid.upload import UploadJob

from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.harness.served import Served

# DCOR-Aid leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

EVENTS = 50
PATIENCE = 60
UPLOAD_SECONDS = 20
NOBODY = "00000000-0000-4000-8000-000000000000"
SUPPLEMENTS: dict[str, dict[str, Any]] = {
    "general": {"sample type": "cell line"},
    "cells": {"organism": "human", "live": True, "fixed": False, "passage number": 7},
    "chip": {"channel width": 21.0, "production date": "2020-12-31"},
}


@dataclass(frozen=True)
class Published:
    """An active private dataset with one resource."""

    dataset: dict[str, Any]
    path: Path

    @property
    def id(self) -> str:
        return self.dataset["id"]

    @property
    def resource(self) -> str:
        return self.dataset["resources"][0]["id"]


@pytest.fixture(scope="module", autouse=True)
def connections_are_collected_here() -> Iterator[None]:
    """Tests of other modules treat the warnings about them as errors."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def api(served: Served) -> CKANAPI:
    return connected(served)


@pytest.fixture(scope="module")
def connect_other(served: Served) -> Callable[[], CKANAPI]:
    """Connects a user whom nobody knows yet."""
    return lambda: CKANAPI(served.url, api_key=new_user(served)["token"])


@pytest.fixture(scope="module")
def circle(api: CKANAPI) -> str:
    """Name of a circle of the module."""
    return api.post("organization_create", {"name": unique("circle")})["name"]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return write_measurement(tmp_path_factory.mktemp("data") / "cells.rtdc", events=EVENTS)


@pytest.fixture(scope="module")
def published(api: CKANAPI, circle: str, path: Path) -> Published:
    created = dataset_create(described(circle), api, resources=[path], activate=True)
    return Published(api.get("package_show", id=created["id"]), path)


@pytest.fixture
def draft(api: CKANAPI, circle: str) -> str:
    """Id of a new draft."""
    return dataset_create(described(circle), api)["id"]


def connected(served: Served) -> CKANAPI:
    return CKANAPI(served.url, api_key=served.person.token)


def new_user(served: Served) -> dict[str, Any]:
    name = unique("user")
    return served.call(
        "user_create",
        served.admin,
        name=name,
        fullname="Peter Pan",
        email=f"{name}@example.org",
        password=uuid.uuid4().hex,
        with_apitoken=True,
    )


def unique(what: str) -> str:
    return f"{what}-{uuid.uuid4().hex[:10]}"


def described(circle: str, **changes: Any) -> dict[str, Any]:
    """A dataset as DCOR-Aid sends it; None leaves a key out."""
    complete = {
        "title": unique("DCOR-Aid data"),
        "authors": "Peter Fly Pan, Captain Hook",
        "license_id": "CC0-1.0",
        "owner_org": circle,
        "private": True,
    }
    return {key: value for key, value in (complete | changes).items() if value is not None}


def show(api: CKANAPI, dataset: str) -> dict[str, Any]:
    return api.get("package_show", id=dataset)


def found(api: CKANAPI, **query: Any) -> set[str]:
    """Ids of the datasets that a search finds; a new interrogator has an empty cache."""
    extract = APIInterrogator(api).search_dataset_via_api(limit=0, **query)
    return {dataset["id"] for dataset in extract}


def wait_for_sha256(api: CKANAPI, resource: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if digest := api.get("resource_show", id=resource).get("sha256"):
            return digest
        time.sleep(0.5)
    pytest.fail(f"resource {resource} has no sha256 after {PATIENCE} s")


def uploaded(job: UploadJob) -> UploadJob:
    """Run a job the way the queue does."""
    job.task_compress_resources()
    job.task_upload_resources()
    job.task_verify_resources()
    assert job.state == "done", job.traceback
    return job


def downloaded(job: DownloadJob) -> DownloadJob:
    job.task_download_resource()
    job.task_verify_resource()
    assert job.state == "done", job.traceback
    return job


# connection


def test_site_is_available_with_a_token(api):
    assert api.is_available(with_api_key=True, with_correct_version=True)
    assert not api.is_under_maintenance()


def test_who_am_i(api, served):
    me = api.get_user_dict()
    assert (me["id"], me["name"]) == (served.person.id, served.person.name)
    assert me["email"]
    assert isinstance(me["number_created_packages"], int)


@pytest.mark.parametrize("token", ["", "wrong", "abc.def.ghi"])
def test_without_a_valid_token_nobody_is_logged_in(served, token):
    api = CKANAPI(served.url, api_key=token)
    with pytest.raises(APIAuthorizationError):
        api.get_user_dict()
    assert api.user_id is None
    assert api.is_available()
    assert not api.is_available(with_api_key=True)


def test_user_changes_the_own_name(connect_other):
    api = connect_other()
    api.post("user_update", api.get_user_dict() | {"fullname": "Tinker Bell"})
    assert api.copy().get_user_dict()["fullname"] == "Tinker Bell"


def test_token_is_renewed_and_the_old_one_is_revoked(connect_other):
    old = connect_other()
    given = old.post("api_token_create", {"user": old.user_id, "name": "DCOR-Aid host x"})
    new = CKANAPI(old.server, api_key=given["token"])
    new.post("api_token_revoke", {"token": old.api_key})
    assert new.is_available(with_api_key=True)
    assert not old.copy().is_available(with_api_key=True)


def test_choices_of_the_upload_dialog(api):
    assert any(one["domain_data"] for one in api.get_license_list())
    assert {"chip", "cells"} <= set(api.get_supplementary_resource_schema())
    assert ".rtdc" in api.get_supported_resource_suffixes()


# circles


def test_created_circle_belongs_to_its_creator(connect_other):
    api = connect_other()
    name = f"user-circle-{api.user_name}"
    created = api.post("organization_create", {"name": name, "title": "My Circle"})
    mine = api.get("organization_list_for_user", permission="create_dataset")
    assert [(one["id"], one["title"]) for one in mine] == [(created["id"], "My Circle")]


def test_circle_name_can_be_taken_only_once(api, circle):
    with pytest.raises(APIConflictError):
        api.post("organization_create", {"name": circle})


def test_circle_is_created_with_the_first_dataset(api):
    name = unique("circle")
    created = dataset_create(described(name), api.copy(), create_circle=True)
    assert show(api, created["id"])["organization"]["name"] == name


def test_nobody_creates_datasets_in_a_foreign_circle(connect_other, circle):
    api = connect_other()
    with pytest.raises(APINotFoundError, match="not allowed to upload"):
        dataset_create(described(circle), api)
    with pytest.raises(APIAuthorizationError):
        api.post("package_create", described(circle, state="draft"))


def test_all_circles_and_the_asking_user_are_listed(api):
    names = [unique(f"many{number}") for number in range(26)]
    for name in names:
        api.post("organization_create", {"name": name})
    interrogator = APIInterrogator(api)
    assert set(names) <= {one["name"] for one in interrogator.get_circles()}
    assert api.user_name in interrogator.get_users()


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


# resources


def test_etag_is_there_at_the_first_look(api, draft, path):
    _, etag = resource_add(draft, path, api, resource_name="other_name.rtdc")
    (resource,) = show(api, draft)["resources"]
    assert (resource["name"], resource["etag"]) == ("other_name.rtdc", etag)
    assert resource_exists(draft, "other_name.rtdc", api)


def test_equal_resource_names_are_conflicts(api, draft, path):
    resource_add(draft, path, api)
    with pytest.raises(APIConflictError, match=r"'cells\.rtdc' already exists!"):
        resource_add(draft, path, api)
    assert len(show(api, draft)["resources"]) == 1


@pytest.mark.parametrize(
    "name", ["letter.docx", "µæsdqow.rtdc", "two words.rtdc", "cells.RTDC", "nodot"]
)
def test_bad_resource_names_are_conflicts(api, draft, path, name):
    with pytest.raises(APIConflictError):
        resource_add(draft, path, api, resource_name=name)
    assert show(api, draft)["resources"] == []


def test_supplements_come_back_as_they_were_sent(api, draft, path):
    sent = {f"sp:{s}:{key}": v for s, items in SUPPLEMENTS.items() for key, v in items.items()}
    resource_add(draft, path, api, resource_dict=sent)
    (resource,) = show(api, draft)["resources"]
    for key, value in sent.items():
        assert resource[key] == value, key
        assert isinstance(resource[key], type(value)), key
    assert resource_exists(draft, path.name, api, check_resource_dict=sent)


@pytest.mark.parametrize(
    "supplement",
    [
        {"sp:chip:production date": "2020-15-31"},
        {"sp:chip:channel width": "wide"},
        {"sp:cells:passage number": "seven"},
    ],
)
def test_bad_supplements_are_conflicts(api, draft, path, supplement):
    with pytest.raises(APIConflictError, match=next(iter(supplement))):
        resource_add(draft, path, api, resource_dict=supplement)


# jobs


def test_job_uploads_verifies_and_activates(api, draft, path, tmp_path):
    notes = tmp_path / "my notes.txt"
    notes.write_text("Second to the right, and straight on till morning.")
    collection = unique("collection")
    started = time.monotonic()
    job = uploaded(
        UploadJob(
            api,
            draft,
            [notes, path],
            resource_supplements=[{}, SUPPLEMENTS],
            collections=[collection],
        )
    )
    assert time.monotonic() - started < UPLOAD_SECONDS
    dataset = show(api, draft)
    assert dataset["state"] == "active"
    assert [group["name"] for group in dataset["groups"]] == [collection]
    assert [one["name"] for one in dataset["resources"]] == ["my_notes.txt", "cells.rtdc"]
    assert [one["etag"] for one in dataset["resources"]] == job.etags
    assert dataset["resources"][1]["sp:chip:channel width"] == 21.0


def test_interrupted_job_is_taken_up_where_it_ended(api, draft, path, tmp_path):
    resource_add(draft, path, api)
    second = write_measurement(tmp_path / "more.rtdc", events=EVENTS, seed=48)
    state = UploadJob(api, draft, [path, second]).__getstate__()
    # The queue remembers the etags of what was uploaded before.
    state["resource_etags"] = [show(api, draft)["resources"][0]["etag"], None]
    job = uploaded(UploadJob.from_upload_job_state(state, api))
    assert job.paths_uploaded_before == [path]
    assert len(show(api, draft)["resources"]) == 2


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


# downloads


def test_original_is_downloaded_and_verified(api, published, tmp_path):
    digest = wait_for_sha256(api, published.resource)
    job = downloaded(DownloadJob(api, published.resource, tmp_path))
    assert job.path == tmp_path / published.dataset["name"] / "cells.rtdc"
    assert job.path.read_bytes() == published.path.read_bytes()
    assert job.sha256sum_dl == digest == hashlib.sha256(job.path.read_bytes()).hexdigest()


def test_interrupted_download_is_resumed(api, published, tmp_path):
    wait_for_sha256(api, published.resource)
    content = published.path.read_bytes()
    (tmp_path / "cells.rtdc~").write_bytes(content[:1000])
    job = downloaded(DownloadJob(api, published.resource, tmp_path / "cells.rtdc"))
    assert job.file_bytes_downloaded == len(content) - 1000
    assert job.path.read_bytes() == content


def test_condensed_file_is_there_when_the_hash_is(api, published, tmp_path):
    import dclab

    wait_for_sha256(api, published.resource)
    job = downloaded(DownloadJob(api, published.resource, tmp_path, condensed=True))
    assert job.path.name == "cells_condensed.rtdc"
    with dclab.new_dataset(job.path) as ds:
        assert len(ds) == EVENTS
        assert "volume" in ds.features_innate


def test_private_resource_is_not_downloaded_by_strangers(published, connect_other, tmp_path):
    with pytest.raises(APIAuthorizationError):
        downloaded(DownloadJob(connect_other(), published.resource, tmp_path))


# command line


def test_task_is_uploaded_from_the_command_line(api, served, circle, path, tmp_path):
    task = tmp_path / "demo.dcoraid-task"
    resource = {"path": path, "name": "raw.rtdc", "supplements": SUPPLEMENTS}
    create_task(task, described(circle), [resource], task_id="cli-demo-1")
    done = run_task(served, task)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not Path(f"{task}_error.txt").exists()
    dataset = show(api, json.loads(task.read_text())["upload_job"]["dataset_id"])
    assert dataset["state"] == "active"
    assert [one["name"] for one in dataset["resources"]] == ["raw.rtdc"]
    assert dataset["resources"][0]["sp:cells:live"] is True


def run_task(served: Served, task: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "dcoraid-upload-task"
    command = [str(program), str(task), served.url, served.person.token]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
