"""Requests at the same time: one of them registers an upload, the others are refused in words."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests


@pytest.fixture
def dataset(served):
    """Makes drafts in one circle of the served instance."""
    name = f"c{uuid.uuid4().hex[:12]}"
    circle = served.call("organization_create", served.person, name=name)

    def make():
        return served.call(
            "package_create",
            served.person,
            title="Race",
            authors="Peter Pan",
            license_id="CC0-1.0",
            owner_org=circle["id"],
        )

    return make


@pytest.fixture
def upload(served):
    def upload(dataset, content: bytes) -> str:
        asking = {"organization_id": dataset["owner_org"], "file_size": len(content)}
        answer = served.call("resource_upload_s3_urls", served.person, **asking)
        url = answer["upload_urls"][0]
        requests.put(url, data=content, timeout=30).raise_for_status()
        return answer["resource_id"]

    return upload


def _register(served, dataset_id: str, new: dict[str, str]) -> int:
    return requests.post(
        f"{served.url}/api/3/action/package_revise",
        json={"match": {"id": dataset_id}, "update__resources__extend": [new]},
        headers=served.person.headers,
        timeout=120,
    ).status_code


def test_one_upload_becomes_one_resource_of_one_dataset(served, dataset, upload):
    datasets = [dataset() for _number in range(3)]
    new = {"id": upload(datasets[0], b"bytes"), "name": "notes.txt"}
    with ThreadPoolExecutor(6) as threads:
        codes = list(threads.map(lambda n: _register(served, datasets[n % 3]["id"], new), range(6)))
    assert sorted(codes) == [200, 403, 403, 403, 403, 403]
    found = [
        resource["id"]
        for one in datasets
        for resource in served.call("package_show", served.person, id=one["id"])["resources"]
    ]
    assert found == [new["id"]]


def test_many_uploads_into_one_dataset_all_arrive(served, dataset, upload):
    target = dataset()
    new = [{"id": upload(target, b"%d" % number), "name": f"{number}.txt"} for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(lambda one: _register(served, target["id"], one), new))
    assert codes == [200] * 8
    shown = served.call("package_show", served.person, id=target["id"])
    assert {resource["id"] for resource in shown["resources"]} == {one["id"] for one in new}
    assert all(resource["etag"] for resource in shown["resources"])
