"""Datasets and files of people who use the API like everybody else."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
import requests

from ckan.plugins import toolkit as tk

from dcor_shared.objects.names import object_name, object_url
from dcor_shared.testing.datasets import upload_presigned_to_s3
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dcor_shared.objects.store import ObjectStore


@pytest.fixture
def store(store, monkeypatch, tx) -> ObjectStore:
    """The object store of the test, used by the application as well."""
    name = store.settings.bucket_name
    monkeypatch.setitem(tk.config, "dcor_object_store.bucket_name", name)
    return store


@pytest.fixture
def call(app) -> Callable[..., Any]:
    """Calls actions over HTTP: ``call("package_show", person, id=…)``, the result or the error."""

    def call(action: str, person=None, *, status: int = 200, **data: Any) -> Any:
        headers = person.headers if person else {}
        answer = app.post(f"/api/3/action/{action}", json=data, headers=headers)
        assert answer.status_code == status, answer.body
        return answer.json["result"] if status == 200 else answer.json["error"]

    return call


@pytest.fixture
def circle(person, new_circle) -> dict[str, Any]:
    """A circle of `person`."""
    return new_circle(person.name)


@pytest.fixture
def new_draft(call, person, circle) -> Callable[..., dict[str, Any]]:
    """Makes drafts of `person` in `circle`."""

    def make(**fields: Any) -> dict[str, Any]:
        given = {
            "title": f"Draft {uuid.uuid4().hex[:8]}",
            "authors": "Peter Pan",
            "license_id": "CC-BY-4.0",
            "owner_org": circle["id"],
            "state": "draft",
            "private": False,
        }
        return call("package_create", person, **given | fields)

    return make


@pytest.fixture
def draft(new_draft) -> dict[str, Any]:
    """A public draft of `person` in `circle`."""
    return new_draft()


@pytest.fixture
def allowed(call, person, circle, store) -> Callable[..., dict[str, Any]]:
    """Asks for upload URLs."""

    def allow(size: int, whose=None) -> dict[str, Any]:
        asking = {"organization_id": circle["id"], "file_size": size}
        return call("resource_upload_s3_urls", whose or person, **asking)

    return allow


@pytest.fixture
def upload(allowed) -> Callable[..., str]:
    """Uploads bytes or a file without registering them; the id of the resource to be."""

    def upload(content: bytes | Path = b"bytes", whose=None) -> str:
        if isinstance(content, bytes):
            answer = allowed(len(content), whose)
            requests.put(answer["upload_urls"][0], data=content, timeout=30).raise_for_status()
            return answer["resource_id"]
        answer = allowed(content.stat().st_size, whose)
        upload_presigned_to_s3(content, answer["upload_urls"], answer["complete_url"])
        return answer["resource_id"]

    return upload


@pytest.fixture
def register(call, person) -> Callable[..., dict[str, Any]]:
    """Registers an upload as a resource; the resource, or the error."""

    def register(dataset, resource_id: str, name: str = "notes.txt", **kwargs: Any) -> Any:
        new = {"id": resource_id, "name": name, "s3_available": True}
        match = {"id": dataset["id"]}
        status = kwargs.pop("status", 200)
        answer = call(
            "package_revise",
            kwargs.pop("whose", person),
            status=status,
            match=match,
            update__resources__extend=[new | kwargs],
        )
        return answer["package"]["resources"][-1] if status == 200 else answer

    return register


@pytest.fixture(scope="session")
def measurement(tmp_path_factory) -> Path:
    """A small valid measurement."""
    path = tmp_path_factory.mktemp("measurement") / "small.rtdc"
    write_measurement(path, events=20)
    return path


@pytest.fixture
def object_of(store, circle) -> Callable[..., Any]:
    """Name of an object of a resource in `circle`."""

    def name(resource_id: str, prefix: str = "resource"):
        return object_name(store.settings, circle["id"], resource_id, prefix)

    return name


@pytest.fixture
def anonymous_get(store, object_of) -> Callable[[str], requests.Response]:
    """Reads an object of a resource without any credentials."""

    def get(resource_id: str) -> requests.Response:
        return requests.get(object_url(store.settings, object_of(resource_id)), timeout=30)

    return get


@pytest.fixture
def ckan_site(tx) -> str:
    """URL of the site."""
    return tk.config["ckan.site_url"]
